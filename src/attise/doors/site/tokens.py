"""Stylesheets whose tokens travel light: what never varies is written out, what varies is called by a letter. Pure.

Why: a measure that is the same everywhere needs no name on its way to a browser, and a colour that depends on theme
needs no long one. Both have names in the files that people read; those cost each first visit a thirtieth of the whole.
One stylesheet says what its tokens are; those beside it on a page are written with its.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import count, product
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROOT: Final = re.compile(r":root\{([^{}]*)\}")
_TOKEN: Final = re.compile(r"(--[\w-]+):([^;{}]*)(?:;|(?=\}|$))")
_NAME: Final = re.compile(r"(?<![\w-])--[a-z][\w-]*")
_BY_THEME: Final = "light-dark("


@dataclass(frozen=True)
class Tokens:
    """The tokens of a stylesheet: values of those that never vary, brief names of the others."""

    constant: Mapping[str, str]
    brief: Mapping[str, str]


def tokens_of(style: str) -> Tokens:
    """Return the tokens of a stylesheet without room around its signs.

    A token is constant that ``:root`` alone gives a value, once, and the same value in both themes. The others are
    called by how often each is said, then by their order.
    """
    root = _ROOT.search(style)
    given = Counter(name for name, _ in _TOKEN.findall(style))
    constant = {
        name: value
        for name, value in (_TOKEN.findall(root[1]) if root else ())
        if given[name] == 1 and _BY_THEME not in value
    }
    said = (name for name, _ in Counter(_NAME.findall(style)).most_common() if name not in constant)
    return Tokens(constant, dict(zip(said, _brief_names(), strict=False)))


def written_with(tokens: Tokens, style: str) -> str:
    """Return a stylesheet without room around its signs, its tokens written so."""
    root = _ROOT.search(style)
    if root is not None:
        kept = _TOKEN.sub(lambda token: "" if token[1] in tokens.constant else token[0], root[1]).removesuffix(";")
        style = f"{style[: root.start(1)]}{kept}{style[root.end(1) :]}"
    for name, value in tokens.constant.items():
        style = style.replace(f"var({name})", value)
    return _NAME.sub(lambda name: tokens.brief.get(name[0], name[0]), style)


def _brief_names() -> Iterator[str]:
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield "--" + "".join(letters)
