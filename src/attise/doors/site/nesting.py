"""A stylesheet with its rules nested: neighbours that begin with one class say it once. Pure.

Why: every rule of a part begins with the part's name, and what is not said need not travel. The order of rules and the
weight of each selector stay as they were written: only neighbours are put together, ``&`` weighs what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

Item = tuple[str, "list[Item] | None"]
"""A declaration (nothing after it), or a selector or an at-rule with what is in its block."""
_LEAD: Final = re.compile(r"&?\.[a-z][\w-]*|[a-z][\w-]*")
_SIGN: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\([^()]*\)|[{};]|[^\"'(){};]+|.")
_WHOLE: Final = ("@font-face", "@keyframes")


def nested(style: str) -> str:
    """Return a stylesheet without comments, nested; of one that is nested already, the same.

    Raises: ValueError where a block is not closed.
    """
    signs = _SIGN.findall(style.strip())
    items, end = _parsed(signs, 0)
    if end != len(signs):
        raise ValueError("a block is closed that was not opened")
    return _written(_grouped(items))


def _parsed(signs: Sequence[str], at: int) -> tuple[list[Item], int]:
    """Return what is in the block that begins there, and where it ends."""
    items: list[Item] = []
    said = ""
    while at < len(signs) and signs[at] != "}":
        part = signs[at]
        at += 1
        if part == "{":
            block, at = _parsed(signs, at)
            if at == len(signs):
                raise ValueError(f"the block of {said} is not closed")
            items.append((said.strip(), block))
            said, at = "", at + 1
        elif part == ";":
            items.append((said.strip(), None))
            said = ""
        else:
            said += part
    if said.strip():
        items.append((said.strip(), None))
    return items, at


def _written(items: Sequence[Item]) -> str:
    last = len(items) - 1
    return "".join(
        said + (";" if place < last or said.startswith("@") else "")
        if block is None
        else f"{said}{{{_written(block)}}}"
        for place, (said, block) in enumerate(items)
    )


def _grouped(items: Sequence[Item]) -> list[Item]:
    """Return rules with neighbours put together."""
    made: list[Item] = []
    for said, block in items:
        if block is not None and said.startswith("@") and not said.startswith(_WHOLE):
            made.append((said, _grouped(block)))
            continue
        lead = None if block is None else _lead_of(said)
        if lead is not None and block is not None:
            before = made[-1] if made else ("", None)
            if before[0] == lead and before[1] is not None:
                before[1].append((_within(said, lead), block))
                continue
            if said != lead:
                made.append((lead, [(_within(said, lead), block)]))
                continue
        made.append((said, None if block is None else list(block)))
    return [_alone((said, block if block is None or said.startswith("@") else _grouped(block))) for said, block in made]


def _alone(item: Item) -> Item:
    """Return a group of one rule as that rule: nothing is saved by nesting it."""
    said, block = item
    if block is None or len(block) != 1 or not _LEAD.fullmatch(said):
        return item
    inner, declarations = block[0]
    if declarations is None:
        return item
    return ",".join(_outside(part, said) for part in _parts(inner)), declarations


def _outside(part: str, lead: str) -> str:
    if part.startswith("&"):
        return lead + part[1:]
    return f"{lead}{part}" if part.startswith((">", "+", "~")) else f"{lead} {part}"


def _lead_of(selector: str) -> str | None:
    """Return the class or element of ours that every part of a selector begins with."""
    found = {match[0] if (match := _LEAD.match(part)) else "" for part in _parts(selector)}
    return next(iter(found)) or None if len(found) == 1 else None


def _within(selector: str, lead: str) -> str:
    """Return a selector as it is written inside the rule of its lead."""
    return ",".join(_rest(part.removeprefix(lead)) for part in _parts(selector))


def _rest(rest: str) -> str:
    if rest.startswith(" "):
        return rest[1:]
    return rest if rest.startswith((">", "+", "~")) else f"&{rest}"


def _parts(selector: str) -> list[str]:
    """Return the parts of a selector between its commas, but for those within brackets."""
    parts, depth = [""], 0
    for sign in selector:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
