"""One decision: eligibility, prediction, frequency, pacing, auction, price.

Reading order: ``decide`` (the steps), ``state`` and ``policy`` (what it reads), ``offers`` and ``candidates`` (what
ads bring), ``gates``, ``caps``, ``holdout`` and ``memory`` (what keeps them out), ``value`` and ``auction`` (who wins,
for how much), ``bound`` (the order of the search), ``allowance`` (what may still be spent). ``value``, ``auction``,
``caps`` and ``holdout`` work on plain arrays, without anything else of Attise.
"""
