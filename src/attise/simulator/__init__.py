"""Simulated life: what a house holds when nobody has come yet, and what happens in it when nobody is there.

Owns no row: everything is done through the same actions as people's doors. Three worlds: the sample set (``sample``),
targeted ads as arrays, in any number (``targeted_ads``, ``drawn_house``), and a life.

A life, in reading order: ``stage`` (what it may do with a house, and see of it), ``truth`` (what is so, and nobody is
told), ``cast`` (who there is, declared), ``rivals`` (what brands do), ``draws`` (one of them lets chance choose),
``beginning``, ``story`` (the numbered turns). A door sets the stage: ``doors.cli.living``.
"""
