"""What is said of circles to those whose posts they are, French and English: where a post is, since when, and why.

A table of sentences of its own, as the scout's: both languages say the same, side by side, and a test holds them so.
"""

from __future__ import annotations

from typing import Final, Literal

from attise.measurement.circles.moving import Reason, State

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, Language]] = ("fr", "en")
NARROW, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"

STATES: Final[dict[str, tuple[str, str]]] = {
    State.TESTING: ("En test", "Being tested"),
    State.OPEN: ("Ouverte à tous", "Open to everyone"),
    State.STOPPED: ("Ne progresse plus", "No longer progressing"),
}
FIRST: Final = (
    "tes abonnés, les personnes que ce sujet intéresse, et quelques autres au hasard",
    "your followers, people who care for its subject, and a few others by chance",
)
FIRST_ALONE: Final = (
    "tes abonnés et les personnes que ce sujet intéresse",
    "your followers and people who care for its subject",
)
WIDER: Final = (
    "en plus, des personnes de plus en plus éloignées du sujet",
    "people further and further from its subject as well",
)
EVERYONE: Final = ("tout le monde", "everyone")
REASONS: Final[dict[str, tuple[str, str]]] = {
    Reason.BEGAN: (
        "Première rencontre : la vidéo entre dans son premier cercle.",
        "Met for the first time: the video enters its first circle.",
    ),
    Reason.PROMOTED: (
        "Elle a plu davantage que la plupart des vidéos à ce stade ({met} impressions) : son cercle s’élargit.",
        "It was liked more than most videos at this stage ({met} impressions): its circle widens.",
    ),
    Reason.FELL_SHORT: (
        "Elle a moins retenu que les autres vidéos à ce stade ({met} impressions) : son cercle ne s’élargit plus.",
        "It held people less than other videos at this stage ({met} impressions): its circle widens no more.",
    ),
    Reason.TOO_FEW: (
        "Une semaine n’a pas suffi à la montrer assez ({met} impressions) pour élargir son cercle.",
        "A week was not enough to show it enough ({met} impressions) for its circle to widen.",
    ),
    Reason.GROWTH_OVER: (
        "Ouverte à tous, elle est regardée de moins en moins d’une demi-journée à l’autre.",
        "Open to everyone, it is watched less and less from one half-day to the next.",
    ),
    Reason.CAME_BACK: (
        "Ceux qui l’ont vue depuis l’ont nettement mieux reçue ({met} impressions) : elle est testée de nouveau.",
        "Those who met it since liked it clearly better ({met} impressions): it is tested again.",
    ),
    Reason.LADDER: (
        "Il y a moins de cercles qu’avant : elle était déjà au bout.",
        "There are fewer circles than before: it was at the end already.",
    ),
}


def state(code: str, language: Language) -> str:
    """Return what a state is called."""
    return _set(STATES[code], language)


def audience(circle: int, last: int, language: Language, *, is_tested: bool = True) -> str:
    """Return whom a circle is made of; only what is tested is shown to others by chance."""
    first = FIRST if is_tested else FIRST_ALONE
    return _set(EVERYONE if circle >= last else first if circle == 0 else WIDER, language)


def reason(code: str, met: int, language: Language) -> str:
    """Return why a post moved, with the impressions by which it was judged."""
    count = f"{met:,}".replace(",", NARROW) if language == "fr" else f"{met:,}"
    return _set(REASONS[code], language).format(met=count)


def _set(pair: tuple[str, str], language: Language) -> str:
    """Return one of two texts; the French one, typed with plain spaces, as it is set."""
    return pair[1] if language == "en" else pair[0].replace(" :", f"{HARD}:")
