"""Reports as they are asked for: which metrics there are, what goes with what, and the rows of an answer.

``metrics`` is the one table of metrics, each a formula over sums of roll-ups; ``dimensions`` what rows may be told by;
``asked`` a report that is asked for, and what is refused of it; ``statement`` its SQL; ``answering`` its rows. Names
are those that the advertising dialect has, since they are known; consoles and exports use the same. No database.
"""
