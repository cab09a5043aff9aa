"""The refusals of this room: what a campaign or an ad group may not be, and what to do then."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

# Words and names.
CHOICE_UNKNOWN = Reason(
    "choice_unknown",
    N_("This value is not one of: %(choices)s."),
    N_("Choose one of the values listed."),
)
NAME_TOO_LONG = Reason(
    "name_too_long",
    N_("This name counts %(got)s signs, at most %(limit)s are taken; wide ones (Chinese, Japanese, Korean) are two."),
    N_("Shorten the name."),
)
CAMPAIGN_NAME_TAKEN = Reason(
    "campaign_name_taken",
    N_("Another campaign of this advertiser has this name."),
    N_("Choose another name, or delete the other campaign."),
    Kind.CONFLICT,
)

# What goes with what.
GOAL_MISMATCH = Reason(
    "goal_mismatch",
    N_("The goal %(goal)s does not go with the objective %(objective)s, which takes: %(choices)s."),
    N_("Choose one of the goals listed, or a campaign with another objective."),
)
BILLING_MISMATCH = Reason(
    "billing_mismatch",
    N_("The billing event %(billing)s does not go with the goal %(goal)s, which is billed by %(expected)s."),
    N_("Take the billing event of the goal, or another goal."),
)
PROMOTION_MISMATCH = Reason(
    "promotion_mismatch",
    N_("The promotion type %(promotion)s does not go with the objective %(objective)s, which takes: %(choices)s."),
    N_("Choose one of the promotion types listed."),
)
PLACEMENT_NOT_SERVED = Reason(
    "placement_not_served",
    N_("Ads are shown in the feed alone: the placements hold %(expected)s."),
    N_("Add this placement, or let placements be automatic."),
)
BOOST_WAITS = Reason(
    "boost_waits",
    N_("This boost waits: its creator has not agreed to the post being an ad, or does not any more."),
    N_("Wait for the creator's answer, or boost the post again to ask anew."),
    Kind.CONFLICT,
)
EVENT_REQUIRED = Reason(
    "optimization_event_required",
    N_("The goal %(goal)s needs a pixel and the event of it that counts as a result."),
    N_("Choose a pixel and one of its events, or another goal."),
)
GROUPS_DIFFER = Reason(
    "adgroups_differ",
    N_("Ad groups that share their campaign's budget are alike: theirs is %(expected)s, not %(got)s."),
    N_("Take the value of the other ad groups, or another campaign."),
)

# Budgets and bids.
AMOUNT_INVALID = Reason(
    "amount_invalid",
    N_("This amount is not valid: %(rule)s."),
    N_("Correct the amount and send again."),
)
BUDGET_REQUIRED = Reason(
    "budget_required",
    N_("A budget of this mode needs an amount: at least %(minimum)s %(currency)s."),
    N_("Give an amount, or a mode without budget."),
)
BUDGET_NOT_TAKEN = Reason(
    "budget_not_taken",
    N_("BUDGET_MODE_INFINITE has no budget of its own: the ad groups have theirs."),
    N_("Remove the amount, or choose a mode with a budget."),
)
BUDGET_TOO_LOW_PER_DAY = Reason(
    "budget_too_low_per_day",
    N_("At least %(minimum)s %(currency)s per day are needed."),
    N_("Raise the budget."),
)
BUDGET_TOO_LOW = Reason(
    "budget_too_low",
    N_("At least %(minimum)s %(currency)s in total are needed."),
    N_("Raise the budget."),
)
BUDGET_TOO_LOW_FOR_SCHEDULE = Reason(
    "budget_too_low_for_schedule",
    N_("At least %(minimum)s %(currency)s in total are needed for a schedule of %(days)s days."),
    N_("Raise the budget, or shorten the schedule."),
)
BUDGET_UNDER_SPEND = Reason(
    "budget_under_spend",
    N_("%(spent)s %(currency)s are spent already: the new budget is at least %(minimum)s %(currency)s."),
    N_("Take a larger budget, or pause instead."),
)
BUDGET_MODE_FIXED = Reason(
    "budget_mode_fixed",
    N_("The budget mode cannot change after the creation: it is %(mode)s."),
    N_("Leave the mode out, or make another one with the mode you want."),
)
BUDGET_OF_CAMPAIGN = Reason(
    "budget_of_campaign",
    N_("The campaign's budget is shared out among its ad groups: this one has no budget of its own."),
    N_("Change the campaign's budget."),
    Kind.CONFLICT,
)
OPTIMIZED_NEEDS_BUDGET = Reason(
    "shared_budget_needs_amount",
    N_("A campaign can only share out a budget that it has."),
    N_("Choose a budget mode with an amount, or leave the budgets to the ad groups."),
)
SCHEDULED_DAILY_ONLY = Reason(
    "scheduled_budget_daily_only",
    N_("Only a budget per day can begin at the next midnight."),
    N_("Change the budget at once."),
)
BID_REQUIRED = Reason(
    "bid_required",
    N_("BID_TYPE_CUSTOM needs a bid above zero here."),
    N_("Give the bid, or choose BID_TYPE_NO_BID for maximum delivery."),
)
BID_NOT_TAKEN = Reason(
    "bid_not_taken",
    N_("%(bid_type)s billed by %(billing)s takes no bid of this kind."),
    N_("Remove this bid."),
)
BID_ABOVE_BUDGET = Reason(
    "bid_above_budget",
    N_("The bid of %(bid)s %(currency)s is above the budget of %(budget)s %(currency)s."),
    N_("Lower the bid, or raise the budget."),
)

# Time and frequency.
SCHEDULE_INVALID = Reason(
    "schedule_invalid",
    N_("This moment is not valid: %(rule)s."),
    N_("Correct the schedule and send again."),
)
TOTAL_NEEDS_END = Reason(
    "total_budget_needs_end",
    N_("BUDGET_MODE_TOTAL goes with SCHEDULE_START_END."),
    N_("Give the schedule an end, or choose a budget per day."),
)
DAYPARTING_INVALID = Reason(
    "dayparting_invalid",
    N_("Dayparting is 336 signs of 0 and 1: half hours from Monday 00:00; this one has %(got)s."),
    N_("Give 48 signs for each of seven days, or leave it out for always."),
)
FREQUENCY_INVALID = Reason(
    "frequency_invalid",
    N_("A frequency is from 1 to %(most)s impressions within 1 to %(days)s days, both given together."),
    N_("Give both numbers, or neither."),
)
HOLDOUT_INVALID = Reason(
    "holdout_invalid",
    N_("Between none and one half of the viewers can be held out of a campaign."),
    N_("Give at most 50 percent, which is 500,000 parts per million."),
)
SPLIT_SAME_SIDES = Reason(
    "split_same_sides",
    N_("Both sides of the test are the same."),
    N_("Choose two ad groups, or two campaigns, that differ in what you want to compare."),
)
SPLIT_OVERLAPS = Reason(
    "split_overlaps",
    N_("%(name)s is in another test that runs, or something within it is."),
    N_("End the other test first, or compare something else."),
    Kind.CONFLICT,
)
SPLIT_NOT_READY = Reason(
    "split_not_ready",
    N_("%(name)s has no ad that may run: none that is approved and switched on, in a campaign that is on."),
    N_("Wait for the review, switch an ad or the campaign on, or make an ad; then launch the test."),
    Kind.CONFLICT,
)
SPLIT_LAUNCHED = Reason(
    "split_launched",
    N_("This test was launched already."),
    N_("End it if it still runs, or make another test."),
    Kind.CONFLICT,
)
SPLIT_NOT_RUNNING = Reason(
    "split_not_running",
    N_("This test does not run."),
    N_("Launch it first; where it is over, make another test."),
    Kind.CONFLICT,
)
SPLIT_NOTHING_YET = Reason(
    "split_nothing_yet",
    N_("This test is a draft: there is nothing to export."),
    N_("Launch it first."),
    Kind.CONFLICT,
)
PAIR_NEEDS_POST = Reason(
    "split_pair_needs_post",
    N_("This ad shows no creator's post, so there is no other format to compare it with."),
    N_("Choose a Spark ad."),
)
LOT_POST_NOT_YOURS = Reason(
    "lot_post_not_usable",
    N_("You may not use this post, or not any more: it is no public post that its creator lets you show."),
    N_("Ask its creator for it, or leave it out; then name the posts anew."),
)
LOT_POST_TAKEN = Reason(
    "lot_post_taken",
    N_("An ad of yours shows this post, or a draw of yours that still runs names it."),
    N_("Leave it out, or wait until that is over."),
    Kind.CONFLICT,
)
LOT_DRAWN = Reason(
    "lot_drawn",
    N_("This draw was made already: which posts it chose stays as it is."),
    N_("Pause its campaign if you want to stop it; make another draw for other posts."),
    Kind.CONFLICT,
)
LOT_NOT_DRAWN = Reason(
    "lot_not_drawn",
    N_("This draw is not made yet: there is nothing to export."),
    N_("Make the draw first."),
    Kind.CONFLICT,
)
WINDOWS_TOGETHER = Reason(
    "attribution_windows_together",
    N_("The click and the view attribution windows are given together."),
    N_("Give both, or neither: then they are 7 days after a click and 1 day after a view."),
)

# States.
CAMPAIGN_DELETED = Reason(
    "campaign_deleted",
    N_("This campaign was deleted, for good."),
    N_("Make another campaign."),
    Kind.CONFLICT,
)
ADGROUP_DELETED = Reason(
    "adgroup_deleted",
    N_("This ad group was deleted, for good."),
    N_("Make another ad group."),
    Kind.CONFLICT,
)
EDITED_MEANWHILE = Reason(
    "edited_meanwhile",
    N_("%(who)s changed this meanwhile, on %(when)s."),
    N_("Look at the new values, then make your change again."),
    Kind.CONFLICT,
)
FIXED_AT_CREATION = Reason(
    "fixed_at_creation",
    N_("This cannot change after the creation: it is %(value)s."),
    N_("Leave it out, or make another one with the value you want."),
)
TOO_MANY_AT_ONCE = Reason(
    "too_many_at_once",
    N_("From 1 to %(limit)s can be changed at once; %(got)s were sent."),
    N_("Send them in several requests."),
)
QUOTA_REACHED = Reason(
    "quota_reached",
    N_("This advertiser has %(limit)s of them, which is the most."),
    N_("Delete some that you do not need any more."),
    Kind.CONFLICT,
)

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
ADGROUP_LEAVES_OUT = Reason(
    "adgroup_leaves_people_out",
    N_("The ad group %(adgroup_id)s leaves people out, which an ad for homes, jobs or loans may not."),
    N_("Open its targeting first: all adults, any gender, whole countries; then declare the campaign."),
)
SAME_FOR_ALL = Reason(
    "targeting_same_for_all",
    N_("Ads for homes, jobs and loans leave nobody out: %(rule)s."),
    N_("Leave this choice out."),
)
