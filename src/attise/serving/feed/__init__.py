"""The organic feed, and ads in it: which posts, in which order, and where an ad may stand.

Reading order: ``posts`` (the stock, as columns and short lists), ``quality`` (what a post is worth, whatever its
length), ``circles`` (whom a post is shown to so far), ``ranking`` (candidates and scores of one viewer), ``plan``
(where ads may stand), ``attention`` (what a viewer's attention costs), ``mixing`` (posts and ads in one answer),
``answer`` (one request, whole), ``compiled`` (the loop, once kernels are ready). Organic ranking
never sees money: an ad changes an answer by its place and by its own post not being there twice, nothing else.
"""
