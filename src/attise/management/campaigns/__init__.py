"""What an advertiser wants to run: campaign > ad group > ad, and everything that stands between an ad and its start.

Owns the three levels, their history, and the creator's word on single ads. A campaign holds the objective and a budget;
an ad group the audience, schedule, bid and its own budget; an ad an identity, a creative (a creator's post, or a video
of the advertiser's library) and where it leads.

Each level has a switch (``operation_status``: *ENABLE* or *DISABLE*) and may be deleted, which is final and carries its
children along. Whether something runs is never stored: ``status`` derives it, at the moment of asking, from the
switches above it, the review, the grant, the post, the schedule, the balance and the budgets.

What keeps an ad from running is found together (``blockers``), each with its cause and next step, and its status says
the same in one word: an ad runs exactly when it has no blocker.

States of an ad's review, kept on its row:

===============  ============================================  ==================================================
from             by                                            to
===============  ============================================  ==================================================
(nothing)        ``create_ads`` where reviews are automatic    *approved*
(nothing)        ``create_ads``                                *pending*
*pending*        ``set_review``                                *approved*, or *rejected* by a rule with a note
*approved*       ``set_review``, when somebody complained      *rejected*
*rejected*       ``appeal``, once per creative                 *pending*, for a person
*approved*       a change of the creative                      *pending* again (told as a re-audit)
*rejected*       a change of the creative                      *pending*; an appeal is possible again
===============  ============================================  ==================================================

Where reviews are automatic a change of the creative is *approved* at once; what a category gates for review never is.
A push is published on its account with its approval.

States of the creator's word on an ad, where the grant asks for it: *pending* → *approved* or *refused* by the creator,
who may change it; a changed creative goes back to *pending*; *not_needed* where the grant does not ask. Where terms
begin to ask later, an ad waits although its row says *not_needed*.

A *draft* (``campaigns_draft``) is a campaign that somebody is still putting together: what they typed, unchecked; gone
once it is sent, which makes all three levels in one transaction, or dropped.

Three things more stand above campaigns. A *waiting boost* is an ad that is asked for and waits for its creator's grant.
A *split test* has two ad groups or campaigns as its sides, each viewer being shown one alone: *draft* → *running* →
*over*. A *lot* names several posts and how many of them are boosted: *announced* with the hash of its seed, then drawn
once, in the transaction that makes its campaign; what was drawn is never changed.

Budgets are envelopes of the ledger, opened, limited, closed and reopened in this room's own transactions; this room
never knows what was spent but by asking the ledger.

Doors: ``actions``, ``queries``. Announces ``campaign_changed``, ``campaign_stopped``, ``adgroup_changed``,
``adgroup_stopped``, ``ad_changed``, ``ad_stopped``; notices to advertisers, creators and the operator.
"""
