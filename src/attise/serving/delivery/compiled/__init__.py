"""The loops of a contest, compiled: the same as ``candidates``, ``gates``, ``caps``, ``value``, ``auction`` by numpy.

``holding`` is the one that is called for a contest. Its steps, in order: ``searching`` (the best ads of all parts),
``drawing`` (from what a search found to who stands in a contest), ``weighing`` (what each is worth, and who stands for
each advertiser), ``awarding`` (who has which slot). Apart from it: ``recounting`` (in how many other draws a winner
would win); ``shared`` is what they have in common. Nothing imports them at start: see ``serving.kernels``. Sums are
made in the same order as by numpy.
"""
