"""Counted failures: who guessed wrong, how often, and whether to make them wait.

Owns ``attempts_attempt``: failures per (kind, subject, minute of wire time). A subject is a keyed hash of a credential,
an address or an e-mail, never the thing itself. Rows older than a day are swept.
"""
