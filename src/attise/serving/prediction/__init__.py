"""What is likely to happen if this ad is shown to this viewer now: six rates, from one model, in one kernel.

Reading order: ``heads`` (what is predicted), ``features`` (from what), ``ftrl`` (how it is learned), ``history`` and
``priors`` (what is believed of an ad before it has shown anything), ``model`` (the file), ``calibration`` (scores to
rates), ``thompson`` (what is tried), ``table`` (an ad's part, ready beforehand), ``predictor`` (a decision's one call).
A decision only reads: everything here is immutable once loaded, and a new version is swapped in whole. Nothing here
knows Django, a clock or a source of chance; a request's draws are keyed hashes of its seed.
"""
