"""What of a person's contacts leaves the house: enough to recognise them, not enough to use them."""

from __future__ import annotations

STARS = "***"


def mask_email(email: str) -> str:
    """Return ``l***@***`` for an address, an empty text for none."""
    return f"{email[0]}{STARS}@{STARS}" if email else ""


def mask_name(name: str) -> str:
    """Return ``L***`` for a name, an empty text for none."""
    return f"{name[0]}{STARS}" if name else ""


def mask_phone(phone: str) -> str:
    """Return the last two digits of a number behind stars, an empty text for none."""
    return f"{STARS}{phone[-2:]}" if phone else ""
