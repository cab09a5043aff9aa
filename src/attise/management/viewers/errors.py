"""What this room refuses, and what to do then."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

EXTERNAL_ID_TAKEN = Reason(
    "external_id_taken",
    N_("A viewer with this external_id exists already."),
    N_("Use that viewer, change it, or give another external_id."),
    Kind.CONFLICT,
)
AGE_TWICE = Reason(
    "age_twice",
    N_("An age and a birth date were both given."),
    N_("Give birth_date if it is known, else age; not both."),
)
GENDER_UNKNOWN = Reason(
    "gender_unknown",
    N_("This gender is not one of the values taken."),
    N_("Give female, male or other, or leave the field out."),
)
OS_UNKNOWN = Reason(
    "os_unknown",
    N_("This operating system is not one of the values taken."),
    N_("Give android, ios, windows, macos, linux or other, or leave the field out."),
)
DEVICE_PRICE_INVALID = Reason(
    "device_price_invalid",
    N_("A device's price is a whole number of US dollars, from 0 to %(limit)s."),
    N_("Round it, or leave the field out."),
)
INTEREST_UNKNOWN = Reason(
    "interest_unknown",
    N_("This interest is not known: %(interest)s."),
    N_("Give slugs or ids of interests that the look-up table lists."),
)
CREATOR_UNKNOWN = Reason(
    "creator_unknown",
    N_("No active creator has this id: %(creator_id)s."),
    N_("Give ids of creators that exist here."),
)
TOO_MANY_ENTRIES = Reason(
    "too_many_entries",
    N_("This list has %(got)s entries; at most %(limit)s are taken."),
    N_("Shorten the list."),
)
VIEWER_OF_PERSON_EXISTS = Reason(
    "viewer_of_person_exists",
    N_("This person already has a viewer."),
    N_("Use that viewer."),
    Kind.CONFLICT,
)
