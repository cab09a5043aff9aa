"""Simulated life: what a house holds when nobody has come yet.

Owns no row: everything is done through the same actions as people's doors. Today: the sample set (``sample``), and
targeted ads as arrays, in any number (``targeted_ads``).
"""
