"""Requests that must not be done twice: what was answered to a key, for a day.

Owns ``idempotency_key``. A key belongs to a credential, a method and a path. It is taken in a small transaction of its
own (*running*, with a lease on wire time); the answer is stored, sealed, in the same transaction as what the request
made. A crash in between leaves a lease that ends by itself and nothing made. Refused requests store nothing.
"""
