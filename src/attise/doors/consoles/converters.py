"""Identifiers in addresses: one spelling, or no such address."""

from __future__ import annotations

from attise.kernel.ids import parse_id


class IdConverter:
    """``<id:post_id>``: a decimal identifier below 2**63."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """Return the number. Raises: ValueError, and then the address does not exist."""
        found = parse_id(value)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: int) -> str:
        """Return the text of a number."""
        return str(value)
