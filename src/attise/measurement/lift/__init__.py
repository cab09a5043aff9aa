"""What ads changed: arms that chance made, compared, with intervals, and what could not be told.

Pure, over plain arrays: ``arms`` (what an arm came to), ``comparing`` (differences), ``costs`` (what one more outcome
costs), ``covariates`` (CUPED), ``balance`` (whether the arms are what chance makes), ``planning`` (what could be told
before anything runs), ``study`` (all of it of one table). ``reading`` takes a table out of a file. Nothing of these
knows a house.

Of a house it owns who met a campaign that holds viewers out, or a split test, in which arm, and what they did then; and
what a split test came to, as the worker last worked it out (``kept``). Doors: ``actions``, ``queries``.
"""
