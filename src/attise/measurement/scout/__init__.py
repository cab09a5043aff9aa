"""Which post deserves a boost, and by when: ranks posts by their early counters.

From what is counted of posts over time (views, likes, comments, shares, saves; in a house also how long they are
watched) it says of each: how much it will still grow in two days, with an interval; a verdict (``too_early``,
``boost_now``, ``watch``, ``too_late``) and the moment by which to boost; what an organic view of a paid one may bring;
and the three strongest reasons, in French and English. Every signal stands against what is usual for the post's own
creator and category.

Doors of the pure part, which knows no Django, reads no clock and keeps nothing: ``observed`` (the shapes to give),
``ranking`` (posts in, a ranking out), ``words``; ``reading`` (files of other platforms).

In a house the worker ranks young posts every hour of world time (``actions.analyse``). The room then owns what was last
said of each (``scout_standing``), when that was (``scout_analysis``), and the trials (``scout_trial``): once a day
posts are judged by the score and by what people use instead, and two days later it is written what came of them
(``actions.judge``), which makes the scoreboard (``board``). Doors: ``actions``, ``queries``. Announces nothing.
"""
