"""Spreading budgets over the traffic of their days: controllers that look at what was spent, and turn bids down or up.

Reading order: ``curve`` (when people watch, in a zone, on a weekday), ``budgets`` (how much may be spent until when),
``control`` (one step of all budgets: multipliers and throttles), ``target`` (cost per result), ``turn`` (one turn of
everything, from groups and totals to what a decision reads), ``hindsight`` (what the best constant would have done).

Everything is arrays: a structure of arrays in, another out; nothing is written to, no clock is read. An auction log and
a loop are enough to use it: ``examples/pace_a_campaign.py``. What is charged never depends on it: that is
``allowance``'s and the ledger's.
"""
