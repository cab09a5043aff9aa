"""Whether an ad, or a reported post, may be shown: the queue of a house's reviewers, what they decide, and why.

Owns the decisions of people, each with what was seen, the rule it stands on and a note: a statement of reasons that is
kept as it was given, and can neither be changed nor removed. Where an ad stands now is on its own row, which this room
asks ``campaigns`` to change; what was approved without anybody looking is in the ad's history, not here.

Reviews are automatic in a sandbox and a demo, by a person in a live house. A person is asked everywhere for what a
category gates for review, and for an appeal.

===============  ============================================  ==================================================
an ad that is    by                                            becomes
===============  ============================================  ==================================================
*pending*        ``decide``                                    *approved*, or *rejected* by a rule of the fixed list
*approved*       ``withdraw``, when somebody complained        *rejected*, which may be appealed once
===============  ============================================  ==================================================

Of a post that viewers reported a person says whether it stays (``rule_on_post``): *kept*, *hidden* or *removed*, with
how many reports it had by then, so that those that follow ask for another look. Reports themselves are counted
elsewhere, as everything that viewers do. Of comments the reports are here, one of a viewer each; a person says
(``rule_on_comment``) whether one is *kept* as it stands or *hidden*.

Of ads, original posts and imported copies alike, the reports are here too, one of a person each with what they say is
wrong; a person says (``rule_on_ad``) whether an ad is *kept*, *limited* (its approval is taken back: its advertiser
mends it or appeals) or *removed* for good. Its advertiser reads the rule and the note.

All of it is the operator's; a refused ad's advertiser reads the decisions on it. Doors: ``actions``, ``queries``.
"""
