"""``attise bench science``: the methods against worlds whose truth is known, and against peers on the same rows.

``cases`` (which there are), ``world`` (tastes, posts, ads, and what comes of an impression), ``peers`` (Vowpal Wabbit
and LightGBM, development dependencies), and a module for each case. What is true of a world never leaves its module
but as outcomes, and as the floor that results are told beside.
"""
