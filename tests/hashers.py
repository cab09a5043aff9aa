"""Passwords hashed by the same function as in a real house, at a cost that a test run can pay a thousand times."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2id with next to no work; tests about cost use the real one."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
