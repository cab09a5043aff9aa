"""From an HTTP request to the values of an endpoint, in two steps.

Step 1, ``gather``: all of a GET is in its query string, of a POST in a JSON body or a multipart form; the text is
taken apart and JSON is parsed, but no value is judged. Step 2, ``decode``: each value is read by its shape. In between,
``dispatch`` looks for required fields and asks whether the caller may name this advertiser or Business Center.
Parameters and fields that an endpoint does not know are ignored in both steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.shapes import ListShape, Member, ObjectShape, parsed_object, refuse
from attise.kernel import strict_json
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import BODY_BYTES

PARAMETERS = 500
"""Names in one query string; far more than any endpoint knows."""


@dataclass(frozen=True, slots=True)
class Text:
    """A value that is still a text, of a query parameter or a form field."""

    text: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a request says about the fields of its endpoint; ``lenient``: its JSON came inside texts."""

    values: dict[str, Any]
    lenient: bool

    def missing(self, shape: ObjectShape) -> list[str]:
        """Return the names of required fields that are absent or empty."""
        return list(shape.missing(self.values, ""))

    def read(self, member: Member) -> Any:
        """Return the value of one field by its shape, or None when it is absent. Raises: Refusal."""
        value = self.values.get(member.name)
        if value is None:
            return None
        if isinstance(value, Text):
            return member.shape.from_text(value.text, member.name)
        return member.shape.from_json(value, member.name, lenient=self.lenient)


def gather(request: HttpRequest, shape: ObjectShape, *, takes_files: bool) -> Gathered:
    """Take the request's values apart. Raises: Refusal or Refusals for what is not JSON where JSON is meant."""
    if request.method == "GET":
        return Gathered(_opened(_query(request.META.get("QUERY_STRING", ""), shape), shape), lenient=True)
    if takes_files and request.content_type == "multipart/form-data":
        return _form(request, shape)
    return Gathered(_body(request), lenient=False)


def decode(gathered: Gathered, shape: ObjectShape) -> Any:
    """Return the endpoint's parameters. Raises: Refusals, all that can be told at once."""
    found: dict[str, Any] = {}
    refused: list[Refusal] = []
    for member in shape.members:
        try:
            value = gathered.read(member)
        except Refusal as refusal:
            refused.append(refusal)
            continue
        except Refusals as several:
            refused.extend(several.items)
            continue
        if value is not None:
            found[member.attribute] = value
    if refused:
        raise Refusals(refused)
    return shape.made(**found)


def _query(query: str, shape: ObjectShape) -> dict[str, str]:
    """Return the texts of the known parameters; an empty one is as good as absent."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS)
        for _, text in pairs:
            strict_json.check_text(text)
    except UnicodeDecodeError:
        raise Refusal(errors.QUERY, rule=strict_json.RULE_UTF8) from None
    except strict_json.NotStrictJson as error:
        raise Refusal(errors.QUERY, rule=error.rule) from None
    except ValueError:
        raise Refusal(errors.QUERY, rule=errors.RULE_MANY) from None
    return _known_once(pairs, shape)


def _known_once(pairs: list[tuple[str, str]], shape: ObjectShape) -> dict[str, str]:
    known = {member.name for member in shape.members}
    texts: dict[str, str] = {}
    for name, text in pairs:
        if name in texts:
            raise refuse(errors.RULE_TWICE, name)
        if name in known:
            texts[name] = text
    return {name: text for name, text in texts.items() if text != ""}


def _opened(texts: dict[str, str], shape: ObjectShape) -> dict[str, Any]:
    """Return texts with the JSON of lists and objects parsed. Raises: Refusals for each that is not JSON."""
    values: dict[str, Any] = {}
    refused: list[Refusal] = []
    for member in shape.members:
        text = texts.get(member.name)
        if text is None:
            continue
        try:
            values[member.name] = _open(member, text)
        except Refusal as refusal:
            refused.append(refusal)
    if refused:
        raise Refusals(refused)
    return values


def _open(member: Member, text: str) -> Any:
    if isinstance(member.shape, ObjectShape):
        return parsed_object(text, member.name)
    if isinstance(member.shape, ListShape):
        opened = member.shape.opened(text, member.name)
        return Text(text) if opened is None else opened
    return Text(text)


def _body(request: HttpRequest) -> dict[str, Any]:
    """Return the object of a JSON body; no body at all is an empty object. Its Content-Type is not looked at."""
    try:
        raw = request.read(BODY_BYTES + 1)
    except (OSError, UnreadablePostError):
        raise Refusal(errors.BODY, field="body", rule=strict_json.RULE_JSON) from None
    if len(raw) > BODY_BYTES:
        raise Refusal(errors.BODY, field="body", rule=errors.RULE_SIZE)
    try:
        text = strict_json.decode(raw)
        value = strict_json.parse(text) if text.strip() else {}
    except strict_json.NotStrictJson as error:
        raise Refusal(errors.BODY, field="body", rule=error.rule) from None
    if not isinstance(value, dict):
        raise Refusal(errors.BODY, field="body", rule=errors.RULE_NOT_AN_OBJECT)
    return value


def _form(request: HttpRequest, shape: ObjectShape) -> Gathered:
    """Return the texts and files of a multipart form."""
    try:
        pairs = [(name, text) for name, texts in request.POST.lists() for text in texts]
        files = [(name, file) for name, found in request.FILES.lists() for file in found]
    except (MultiPartParserError, SuspiciousOperation, BadRequest, UnreadablePostError, ValueError):
        raise Refusal(errors.BODY, field="body", rule=errors.RULE_FORM) from None
    try:
        for _, text in pairs:
            strict_json.check_text(text)
    except strict_json.NotStrictJson as error:
        raise Refusal(errors.BODY, field="body", rule=error.rule) from None
    values = _opened(_known_once(pairs, shape), shape)
    known = {member.name for member in shape.members}
    for name, file in files:
        if name in values:
            raise refuse(errors.RULE_TWICE, name)
        if name in known:
            values[name] = file
    return Gathered(values, lenient=True)
