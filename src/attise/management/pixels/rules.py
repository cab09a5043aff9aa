"""Rules of pixels and apps: pure."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS, PIXEL_RULES
from attise.kernel.money import parse_amount
from attise.kernel.text import clean_text
from attise.kernel.urls import Url
from attise.management.pixels import errors
from attise.records.declared import clean_currency
from attise.records.lookups import currencies
from attise.records.web_events import BY_TYPE, WEB_EVENTS

CODE_BYTES: Final = 13
CODE_CHARACTERS: Final = 20
CATEGORIES: Final = ("ONLINE_STORE", "FILLING_FORM", "CONTACTS", "LANDING_PAGE", "CUSTOMIZE_EVENTS")
TRIGGERS: Final = ("TRIGGERTYPE_CLICK", "TRIGGERTYPE_PAGEVIEW", "TRIGGERTYPE_ELEMENT_SHOW")
VARIABLES: Final = ("PAGE_URL", "PAGE_HOSTNAME", "PAGE_PATH", "ELEMENT")
OPERATORS: Final = ("OPERATORTYPE_CONTAINS", "OPERATORTYPE_EQUALS", "OPERATORTYPE_DOES_NOT_EQUAL")
RULE_CHARACTERS: Final = 1_000
SHOWN_CHARACTERS: Final = 40
ANDROID_HOST: Final = "play.google.com"
IOS_HOSTS: Final = ("apps.apple.com", "itunes.apple.com")

_CODE = re.compile(rf"[0-9A-V]{{{CODE_CHARACTERS}}}")
_EVENT_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+")
_STORE_NUMBER = re.compile(r"[0-9]{6,12}")
_STORE_PAGE = re.compile(r"(?:/[^/]+)*?/app(?:/(?P<slug>[^/]+))?/id(?P<number>[0-9]{6,12})/?")
_PACKAGE_CHARACTERS = 150


@dataclass(frozen=True, slots=True)
class EventRule:
    """When something on the page counts: a trigger, and what must be true then."""

    trigger: str
    variable: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event that a pixel should look for, as asked or cleaned.

    ``value`` is a plain decimal of ``currency``. An event without a type is the advertiser's own and has a code.
    """

    event_type: str = ""
    code: str = ""
    name: str = ""
    counts_every_time: bool = True
    currency: str = ""
    value: str = ""
    rules: tuple[EventRule, ...] = ()


@dataclass(frozen=True, slots=True)
class StorePage:
    """What the address of an app's page in a store says of the app."""

    platform: str
    store_id: str
    name: str


def code_of(random: bytes) -> str:
    """Return a pixel's code, 20 of 0-9 and A-V, from 13 random bytes."""
    if len(random) != CODE_BYTES:
        raise ValueError(f"a code has {CODE_BYTES} random bytes")
    return base64.b32hexencode(random).decode()[:CODE_CHARACTERS]


def is_code(text: str) -> bool:
    """Tell whether a text can be a pixel's code."""
    return _CODE.fullmatch(text) is not None


def check_category(value: str) -> str:
    """Return a category, empty when none is said. Raises: ``pixel_category``."""
    if value and value not in CATEGORIES:
        shown, choices = value[:SHOWN_CHARACTERS], ", ".join(CATEGORIES)
        raise Refusal(errors.PIXEL_CATEGORY, field="category", value=shown, choices=choices)
    return value


def clean_event(draft: EventDraft, at: str) -> EventDraft:
    """Return an event with its name and code filled in, or refuse all that is wrong with it.

    ``at`` is the path of the event, before its fields. Raises: ``pixel_event_*``, ``pixel_rules_too_many``,
    ``currency_unknown``, the refusals of texts.
    """
    gather = Gather()
    known = BY_TYPE.get(draft.event_type)
    if draft.event_type and known is None:
        shown, choices = draft.event_type[:SHOWN_CHARACTERS], ", ".join(event.type for event in WEB_EVENTS)
        gather.add(Refusal(errors.EVENT_TYPE, field=f"{at}.event_type", value=shown, choices=choices))
    code = draft.code or (known.names[0] if known and known.names else draft.event_type)
    if not code:
        gather.add(Refusal(errors.EVENT_UNNAMED, field=f"{at}.event_type"))
    elif not _EVENT_CODE.fullmatch(code):
        gather.add(Refusal(errors.EVENT_CODE, field=f"{at}.code"))
    name = gather.take(clean_text, draft.name or code or "-", field=f"{at}.name", limit=NAME_CHARACTERS)
    gather.take(micros_of, draft.currency, draft.value, f"{at}.")
    if len(draft.rules) > PIXEL_RULES:
        got = len(draft.rules)
        gather.add(Refusal(errors.TOO_MANY_RULES, field=f"{at}.rules", limit=PIXEL_RULES, got=got))
    rules = tuple(
        gather.take(_clean_rule, rule, f"{at}.rules[{place}]") for place, rule in enumerate(draft.rules[:PIXEL_RULES])
    )
    gather.tell()
    return EventDraft(
        event_type=draft.event_type,
        code=code,
        name=name,
        counts_every_time=draft.counts_every_time,
        currency=draft.currency,
        value=draft.value,
        rules=rules,
    )


def micros_of(currency: str, value: str, at: str = "") -> int | None:
    """Return a value in micros of its currency, None when none is said.

    Raises: ``pixel_event_value``, ``pixel_event_value_currency``, ``currency_unknown``.
    """
    if not currency and not value:
        return None
    if not currency or not value:
        missing = "value" if currency else "currency"
        raise Refusal(errors.EVENT_VALUE_CURRENCY, field=f"{at}{missing}")
    row = currencies.get(clean_currency(currency, field=f"{at}currency"))
    micros = parse_amount(value, exponent=row.exponent)
    if micros is None:
        raise Refusal(errors.EVENT_VALUE, field=f"{at}value")
    return micros


def _clean_rule(rule: EventRule, at: str) -> EventRule:
    gather = Gather()
    for name, value, choices in (
        ("trigger", rule.trigger, TRIGGERS),
        ("variable", rule.variable, VARIABLES),
        ("operator", rule.operator, OPERATORS),
    ):
        if value not in choices:
            shown = value[:SHOWN_CHARACTERS]
            gather.add(Refusal(errors.EVENT_CHOICE, field=f"{at}.{name}", value=shown, choices=", ".join(choices)))
    value = gather.take(clean_text, rule.value, field=f"{at}.value", limit=RULE_CHARACTERS)
    gather.tell()
    return EventRule(rule.trigger, rule.variable, rule.operator, value)


def script_of(code: str, tag_url: str) -> str:
    """Return what an advertiser pastes before ``</head>``: it loads the tag and reports that the page was seen.

    Nothing is sent before the page says that its visitor agreed: ``attise("consent", "granted")``.

    ``tag_url`` is the absolute address of ``TAG_PATH``. Calls made before the tag has come wait in a queue.
    """
    url, name = _in_script(tag_url), _in_script(code)
    return (
        "<script>\n"
        "(function (window, document) {\n"
        "  var attise = window.attise = window.attise || function () { attise.calls.push(arguments); };\n"
        "  attise.calls = attise.calls || [];\n"
        '  var tag = document.createElement("script");\n'
        "  tag.async = true;\n"
        f"  tag.src = {url};\n"
        "  document.head.appendChild(tag);\n"
        f'  attise("init", {name});\n'
        '  attise("track", "Pageview");\n'
        "})(window, document);\n"
        "</script>"
    )


def _in_script(text: str) -> str:
    """Return a text as a literal that cannot end the script it stands in."""
    return json.dumps(text).replace("<", "\\u003c")


def store_page_of(url: Url) -> StorePage | None:
    """Return what an address says of an app, or None when it is the page of no app in a known store."""
    if url.host == ANDROID_HOST and url.path == "/store/apps/details":
        package = dict(parse_qsl(url.query)).get("id", "")
        return StorePage("ANDROID", package, package) if is_store_id("ANDROID", package) else None
    page = _STORE_PAGE.fullmatch(url.path) if url.host in IOS_HOSTS else None
    if page is None:
        return None
    return StorePage("IOS", page["number"], page["slug"] or page["number"])


def is_store_id(platform: str, text: str) -> bool:
    """Tell whether a text can name an app: a package, or on iOS the number of its page too."""
    if platform == "IOS" and _STORE_NUMBER.fullmatch(text):
        return True
    return len(text) <= _PACKAGE_CHARACTERS and _PACKAGE.fullmatch(text) is not None
