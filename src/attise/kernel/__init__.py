"""The ground floor: words every room shares.

Owns no row and speaks of no trade: time, chance, identifiers, money, errors, limits, text rules, sealing, secrets and
the data folder. Imports nothing of ``attise``, and never Django.
"""
