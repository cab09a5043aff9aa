"""Learning from what happened: facts in, the next version of the model out. Nobody imports it but those who train.

``facts`` (the columns it takes), ``trainer`` (predict, then learn, row after row), ``turn`` (one turn over a folder),
``delays`` (conversions that come late), ``sampling`` (fewer negatives, weighted), ``quantiles`` (watch time by length),
``measures`` (how good it was). Deterministic: the same facts in the same order make the same bytes.
"""
