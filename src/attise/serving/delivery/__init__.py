"""One decision: eligibility, prediction, frequency, pacing, auction, price.

Reading order: ``decide`` (the steps), ``state`` and ``policy`` (what it reads), ``contest`` (the numbers of one
decision), ``offers`` and ``candidates`` (what ads bring), ``gates``, ``caps``, ``holdout`` and ``memory`` (what keeps
them out), ``value`` and ``auction`` (who wins, for how much), ``scribe`` (the record), ``bound`` (the order of the
search), ``allowance`` and ``places`` (what may still be spent), ``pacing`` (how fast), ``units`` (one unit for several
currencies), ``explain`` and ``words`` (why), ``chance``, ``compiled`` (the loops, once kernels are ready). ``value``,
``auction``, ``caps`` and ``holdout`` work on plain arrays, without anything else of Attise.
"""
