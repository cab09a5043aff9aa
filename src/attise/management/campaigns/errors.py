"""What this room refuses: codes, sentences and next steps."""

from __future__ import annotations

from attise.kernel.errors import N_, Reason

# Whom an ad group is meant for.
LOCATION_REQUIRED = Reason(
    "targeting_location_required",
    N_("It is not said where: at least one country or region is needed."),
    N_("Name the countries or regions where the ads may be shown."),
)
LOCATION_UNKNOWN = Reason(
    "targeting_location_unknown",
    N_("This place is not known: %(place)s."),
    N_("Give places that the look-up table of regions lists."),
)
LOCATION_OVERLAP = Reason(
    "targeting_location_overlap",
    N_("%(place)s lies in %(country)s, which is named too."),
    N_("Keep the whole country, or the regions you mean."),
)
TARGETING_TWICE = Reason(
    "targeting_twice",
    N_("%(value)s is named more than once."),
    N_("Name each once."),
)
TARGETING_TOO_MANY = Reason(
    "targeting_too_many",
    N_("%(got)s are named; at most %(limit)s are taken."),
    N_("Name fewer."),
)
TARGETING_CHOICE = Reason(
    "targeting_choice",
    N_("%(value)s is not one of the values taken: %(choices)s."),
    N_("Choose among these values, or leave the field out."),
)
ONE_SYSTEM = Reason(
    "targeting_one_system",
    N_("An ad group is for one operating system, or for all of them."),
    N_("Keep one, or none for all."),
)
DEVICE_PRICE_STEP = Reason(
    "targeting_device_price_step",
    N_("A device's price is a multiple of %(step)s US dollars, from 0 to %(most)s."),
    N_("Round it; leave the upper end out for devices of any higher price."),
)
DEVICE_PRICE_ORDER = Reason(
    "targeting_device_price_order",
    N_("The lower end of the price is not below its upper end."),
    N_("Exchange the two, or leave the upper end out."),
)
BEHAVIOUR_UNKNOWN = Reason(
    "targeting_behaviour_unknown",
    N_("This behaviour is not known: %(behaviour)s."),
    N_("Give behaviours that the look-up table lists."),
)
BEHAVIOUR_ELSEWHERE = Reason(
    "targeting_behaviour_elsewhere",
    N_("%(behaviour)s belongs to the scene %(scene)s."),
    N_("Give it in an entry of its own, with its scene."),
)
AUDIENCE_UNKNOWN = Reason(
    "targeting_audience_unknown",
    N_("This audience is not one of this advertiser's: %(audience)s."),
    N_("Give audiences that the advertiser has made, or leave the field out."),
)
AUDIENCE_BOTH_WAYS = Reason(
    "targeting_audience_both_ways",
    N_("The audience %(audience)s is both meant and left out."),
    N_("Keep it on one side."),
)
SPECIAL_CATEGORY = Reason(
    "targeting_special_category",
    N_("Nobody is targeted here by health, belief, politics, union, orientation or origin."),
    N_("Describe whom you mean by what they like to watch."),
)
MINORS_NOT_HERE = Reason(
    "targeting_minors_not_here",
    N_("Ages 13 to 17 may not be targeted in: %(places)s."),
    N_("Remove the ages 13 to 17, or these places."),
    number=40065,
)
MINORS_NOT_PROFILED = Reason(
    "targeting_minors_not_profiled",
    N_("Minors are not profiled: ages 13 to 17 do not go with interests, behaviours or audiences."),
    N_("Remove the ages 13 to 17, or make an ad group of their own for them."),
    number=40065,
)
MINORS_NOT_ASKED = Reason(
    "targeting_minors_not_asked",
    N_("An ad that asks for contact details is not meant for ages 13 to 17."),
    N_("Remove the ages 13 to 17."),
    number=40065,
)
MINORS_NOT_THIS = Reason(
    "targeting_minors_not_this",
    N_("What this advertiser sells is for adults: ages 13 to 17 may not be targeted."),
    N_("Remove the ages 13 to 17."),
    number=40065,
)
SAME_FOR_ALL = Reason(
    "targeting_same_for_all",
    N_("Ads for homes, jobs and loans leave nobody out: %(rule)s."),
    N_("Leave this choice out."),
)
