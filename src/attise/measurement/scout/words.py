"""What the scout says, French and English: verdicts, reasons with their figures, moments.

A table of sentences of its own, since this room's pure part knows no Django; both languages say the same, and a test
holds them side by side.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from attise.measurement.scout.judging import BOOST_NOW, TOO_EARLY, TOO_LATE, WATCH
from attise.measurement.scout.reasons import Reason

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, Language]] = ("fr", "en")
NARROW, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"

VERDICTS: Final[dict[str, tuple[str, str]]] = {
    TOO_EARLY: ("Trop tôt", "Too early"),
    BOOST_NOW: ("À booster maintenant", "Boost now"),
    WATCH: ("À surveiller", "Watch"),
    TOO_LATE: ("Trop tard", "Too late"),
}
MODES: Final[dict[str, tuple[str, str]]] = {
    "level": (
        "Un seul relevé par publication : le niveau est jugé, non la croissance. Un second relevé dirait bien plus.",
        "One look at each post: its level alone is judged, not its growth. A second look would say far more.",
    ),
    "growth": (
        (
            "Plusieurs relevés : la croissance est jugée, avec le niveau. Deux relevés en disent peu ; d’autres "
            "resserreront les intervalles."
        ),
        "Several looks: growth is judged, with the level. Two of them say little; more will narrow the intervals.",
    ),
}
SIGNALS: Final[dict[str, tuple[str, str]]] = {
    "views": ("vues", "views"),
    "likes": ("j’aime", "likes"),
    "comments": ("commentaires", "comments"),
    "shares": ("partages", "shares"),
    "saves": ("favoris", "saves"),
    "completion": ("vidéo vue en entier", "watched to the end"),
    "retention": ("encore là à 3 secondes", "still there at 3 seconds"),
}
_USUAL: Final = ("la normale de ce créateur et de sa catégorie", "what is usual of this creator and category")
_USUAL_ALONE: Final = ("la normale des publications comparées", "what is usual of the posts compared")
REASONS: Final[dict[str, tuple[str, str]]] = {
    "pace": (
        (
            "Vues par heure, depuis six heures : {per_hour}, {ratio} fois ce qu’une publication de cet âge et "
            "de cette taille reçoit d’ordinaire."
        ),
        "Views an hour in the last six: {per_hour}, {ratio} times what a post of that age and size usually gets.",
    ),
    "peak": (
        (
            "Vues par heure, depuis six heures : {per_hour}, plus que ses propres vues n’en ramènent"
            " : une pointe retombe d’ordinaire."
        ),
        "Views an hour in the last six: {per_hour}, more than its own views bring back: a peak usually falls.",
    ),
    "carried": (
        "Vues par heure, depuis six heures : {per_hour}, peu à cet âge, mais ses propres vues en ramèneront.",
        "Views an hour in the last six: {per_hour}, few at that age, but its own views will bring more.",
    ),
    "trend": (
        "{now} vues en {hours}, contre {before} juste avant : d’habitude, il en viendrait {usual}.",
        "{now} views within {hours}, {before} in as long before: usually {usual} would come.",
    ),
    "age": ("Publiée il y a {hours}.", "Published {hours} ago."),
    "views": (
        "{own} vues, {ratio} fois {usual_of} à cet âge ({usual}).",
        "{own} views, {ratio} times {usual_of} at that age ({usual}).",
    ),
    **{
        name: (
            f"{french} : {{own}} des vues, {{ratio}} fois {{usual_of}} ({{usual}}).",
            f"{english}: {{own}} of views, {{ratio}} times {{usual_of}} ({{usual}}).",
        )
        for name, french, english in (
            ("likes", "J’aime", "Likes"),
            ("comments", "Commentaires", "Comments"),
            ("shares", "Partages", "Shares"),
            ("saves", "Favoris", "Saves"),
            ("completion", "Vidéo vue en entier", "Watched to the end"),
            ("retention", "Encore là à 3 secondes", "Still there at 3 seconds"),
        )
    },
    "too_old": (
        "Publiée il y a {hours} : un boost porte surtout de 24 à {window_h} heures après la publication.",
        "Published {hours} ago: a boost does most from 24 to {window_h} hours after publication.",
    ),
    "still_growing": (
        "Plus de {window_h} heures après la publication, encore des vues attendues en 48 heures : {growth}.",
        "More than {window_h} hours after publication, more views still expected in 48 hours: {growth}.",
    ),
    "opens": (
        "Le bon moment commence le {at_ms}, 24 heures après la publication.",
        "The window opens on {at_ms}, 24 hours after publication.",
    ),
    "stalled": (
        "Elle ne progresse plus : vues attendues en {hours} heures, {growth}.",
        "It is no longer progressing: views expected in {hours} hours, {growth}.",
    ),
    "few_views": (
        "{views} vues : sous {least}, les taux ne disent encore rien.",
        "{views} views: below {least}, rates say nothing yet.",
    ),
    "stale": (
        "Dernier relevé le {at_ms} : plus de {hours} heures, trop vieux pour juger.",
        "Last look on {at_ms}: more than {hours} hours ago, too old to judge by.",
    ),
    "no_publication": (
        "Date de publication inconnue : le délai de 24 à 72 heures ne peut pas être vérifié.",
        "Its time of publication is not known: the 24 to 72 hours cannot be checked.",
    ),
    "likes_alone": (
        ("J’aime à {ratio} fois la normale, et rien d’autre au-dessus : à vérifier, des j’aime achetés y ressemblent."),
        "Likes at {ratio} times the usual, and nothing else above it: look closer, bought likes look like this.",
    ),
    "fell": (
        "Un compteur a baissé entre deux relevés ({counters}) : son plus haut est gardé.",
        "A counter went down between two looks ({counters}): its highest is kept.",
    ),
}
_RATES: Final = frozenset({"own", "usual"})
_COUNTED: Final = frozenset({"views", "pace", "trend", "peak", "carried"})
"""Reasons whose figures are counts, not rates."""
_SPANS: Final = frozenset({"age", "too_old", "trend"})
_MONTHS: Final = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def sentence(reason: Reason, language: Language, zone: str = "UTC") -> str:
    """Return one reason in words."""
    figures = {name: _figure(reason.code, name, value, language, zone) for name, value in reason.figures.items()}
    if "peers" in figures:
        figures["usual_of"] = of((_USUAL if reason.figures["peers"] else _USUAL_ALONE), language)
    return of(REASONS[reason.code], language).format_map(figures)


def verdict(code: str, language: Language) -> str:
    """Return what a verdict is called."""
    return of(VERDICTS[code], language)


def mode(code: str, language: Language) -> str:
    """Return what a mode means."""
    return of(MODES[code], language)


def signal(name: str, language: Language) -> str:
    """Return what a signal is called."""
    return of(SIGNALS[name], language)


def moment(at_ms: int, language: Language, zone: str = "UTC") -> str:
    """Return a moment, to the minute, with its zone."""
    at = dt.datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
    if language == "fr":
        text = f"{at.day} {_MONTHS[at.month - 1]} {at.year} à {at.hour} h {at.minute:02d}"
    else:
        text = f"{at.day} {at:%b} {at.year}, {at:%H:%M}"
    return f"{text} ({at.tzname()})".replace(" ", HARD)


def count(value: float, language: Language) -> str:
    """Return a count with its thousands apart."""
    text = f"{round(value):,}"
    return text.replace(",", NARROW) if language == "fr" else text


def share(value: float, language: Language) -> str:
    """Return a share as a percentage: two digits that say something, none where they do not."""
    percent = max(value, 0.0) * 100
    digits = 0 if percent >= 10 or percent == 0 else (1 if percent >= 1 else 2)  # noqa: PLR2004 - decimals by size
    return _decimal(f"{percent:.{digits}f}", language) + (f"{HARD}%" if language == "fr" else "%")


def growth(value: float, language: Language) -> str:
    """Return by how much something grows: as a percentage, or as a factor where that says it better."""
    if value >= 10:  # noqa: PLR2004 - as many times more
        return f"×{times(value + 1, language)}"
    return f"+{share(value, language)}"


def span(hours: float, language: Language) -> str:
    """Return how long something took, in hours, or in days beyond four."""
    days = hours >= 96  # noqa: PLR2004 - four of them
    number = count(hours / 24 if days else hours, language)
    one = number == "1" or (language == "fr" and number == "0")
    name = {"fr": ("heure", "jour"), "en": ("hour", "day")}[language][days]
    return f"{number}{HARD}{name}" + ("" if one else "s")


def times(value: float, language: Language) -> str:
    """Return a factor."""
    digits = 0 if value >= 10 else 1 if value >= 0.1 or value == 0 else 2  # noqa: PLR2004 - as above
    return _decimal(f"{value:.{digits}f}", language)


def _figure(code: str, name: str, value: Any, language: Language, zone: str) -> str:
    if name == "counters":
        return ", ".join(signal(one, language) for one in value)
    if name == "at_ms":
        return moment(value, language, zone)
    say = count
    if name == "growth":
        say = growth
    elif name == "hours" and code in _SPANS:
        say = span
    elif name in _RATES and code not in _COUNTED:
        say = share
    elif name == "ratio" or (name == "per_hour" and value < 10):  # noqa: PLR2004 - a decimal by size
        say = times
    return say(value, language)


def _decimal(text: str, language: Language) -> str:
    return text.replace(".", ",") if language == "fr" else text


def of(pair: tuple[str, str], language: Language) -> str:
    """Return one of two texts; the French one, typed with plain spaces, as it is set."""
    if language == "en":
        return pair[1]
    return pair[0].replace(" :", f"{HARD}:").replace(" ;", f"{NARROW};")
