"""The words in which endpoints declare their parameters: annotations over plain Python types.

``Id`` arrives as a string of digits and is an ``int`` inside; ``Time`` is ``YYYY-MM-DD HH:MM:SS`` in UTC outside and
epoch milliseconds inside; ``Day`` is ``YYYY-MM-DD`` and a ``date``; ``Thousandths`` is a decimal like ``1.7`` outside;
``Amount`` is an amount of money and stays the plain decimal it was sent as, since its currency says what it may be.
``Annotated[int, Between(1, 50)]``, ``Annotated[str, Length(1, 100)]`` and ``Annotated[list[Id], Items(1, 100)]`` bound
the others; ``Items(1, 10, bare=True)`` takes a single value without its list too. ``Each(1, 1000)`` on a list of
``Event | Refusals`` has its items judged each by itself. ``Literal`` is an enumeration, a ``msgspec.Struct`` an object,
``Upload`` a file of a form. A field without default is required. ``NotOffered`` is a field of what is left out
here: it may come, but empty.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from django.core.files.uploadedfile import UploadedFile

TEXT_CHARACTERS = 2_048
"""What a string may hold when its field says nothing else."""
LIST_ITEMS = 1_000
"""What a list may hold when its field says nothing else."""
LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Between:
    """Bounds of a whole number, both included.

    ``broken`` takes it also as ``3.0`` in a body, where the official SDK declares a float.
    """

    least: int
    most: int
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """Bounds of a string, in characters, both included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Items:
    """Bounds of a list, both included; ``bare`` takes one value for a list of one."""

    least: int
    most: int
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Each:
    """Bounds of a list, both included, whose items are read each by itself: one that is wrong refuses no other."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class IdMark:
    """Marks an identifier.

    ``quoted`` takes it also within JSON quotes of its own, as one default of the official SDK has it; ``number`` takes
    it also as a JSON number in a body, where that SDK declares one.
    """

    quoted: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class TimeMark:
    """Marks a time."""


@dataclass(frozen=True, slots=True)
class ThousandthsMark:
    """Marks a plain decimal that is kept as a whole number of thousandths."""


@dataclass(frozen=True, slots=True)
class NotOfferedMark:
    """Marks a field of something that is left out here: a value that asks for nothing is taken and forgotten.

    Empty texts, lists and objects and ``false`` ask for nothing; ``neutral`` names what else does.
    """

    neutral: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmountMark:
    """Marks an amount of money."""


Amount = Annotated[str, AmountMark()]
Id = Annotated[int, IdMark()]
NumberId = Annotated[int, IdMark(number=True)]
QuotedId = Annotated[int, IdMark(quoted=True)]
Thousandths = Annotated[int, ThousandthsMark()]
Time = Annotated[int, TimeMark()]
Day = dt.date
NotOffered = Annotated[None, NotOfferedMark()]
Upload = UploadedFile
