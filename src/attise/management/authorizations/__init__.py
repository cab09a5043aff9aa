"""Who may promote which post or account, how, and until when: the creator's grants.

Owns authorizations (a post by Spark code, an account to a Business Center, an account to its own advertiser), the
advertisers' bindings and identities, access requests, requests for a post, and the history of all of it (append-only,
chained by hash).

States of an authorization, and the only arrows:

====================  ==========================================  ==========================================
from                  by                                          to
====================  ==========================================  ==========================================
(nothing)             ``grant_post``                              *issued*
(nothing)             ``accept_access``, ``link_own_account``     *bound*
*issued*              ``redeem`` by the first advertiser          *bound*
*bound*               ``redeem`` by another, within the terms     *bound*
*issued*, *bound*     ``extend``, before the end                  unchanged, with a later end
*issued*, *bound*     ``revoke`` now                              *revoked*
*issued*, *bound*     ``revoke`` when running campaigns end       *revoked* at that moment, by the clock
*issued*, *bound*     the clock reaches ``ends_at_ms``            *expired*
*issued*, *bound*     ``grant_post`` for the same post            *revoked*, if never bound (replaced)
*expired*, *revoked*  nothing                                     no arrow leaves: a new code is a new record
====================  ==========================================  ==========================================

A grant that answers a request for a post replaces none: a code that nobody applied may be on its way to another brand.

Eligibility of the post (deleted, moderated, private…) is judged beside the state and never changes it. A code is stored
as a keyed hash; the advertiser that applied it holds a sealed copy, given back byte for byte to it alone.

Doors: ``actions``, ``queries``. Announces ``grant_changed``, ``grant_stopped``, ``account_access_changed``,
``account_access_stopped``, ``identity_changed``, ``identity_stopped`` (one advertiser's use of an account); notices to
creators, advertisers and Business Centers.
"""
