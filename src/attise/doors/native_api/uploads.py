"""The body of a new post: JSON alone, or multipart with the JSON in ``meta`` and the video or pictures in ``file``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.handlers.wsgi import LimitedStream
from pydantic import ValidationError

from attise.doors.native_api import strict_json, wire
from attise.doors.native_api.complaints import refusals_of
from attise.doors.native_api.errors import BAD_JSON, BAD_MULTIPART, Broken
from attise.doors.native_api.gate import Call, content_length
from attise.doors.native_api.schemas.posts import PostDraft
from attise.doors.native_api.schemas.preflight import UnpublishedDraft
from attise.kernel.errors import FIELD_INVALID, FIELD_REQUIRED, FIELD_UNKNOWN, N_, Refusal, Refusals
from attise.kernel.limits import BODY_BYTES

MULTIPART = "multipart/form-data"
META, FILE = "meta", "file"
Draft = TypeVar("Draft", PostDraft, UnpublishedDraft)


@dataclass(frozen=True, slots=True)
class GivenPost:
    """A post as it came: what is said of it, and where its files were put (none: at ``media_url``)."""

    draft: PostDraft
    uploads: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class GivenUnpublished:
    """A video that is to be looked over before it is published, as it came."""

    draft: UnpublishedDraft
    upload: Path | None


def read_unpublished(call: Call) -> dict[str, Any]:
    """Return the given video of a request, for its handler. Raises: as ``read_post``."""
    if call.request.content_type == MULTIPART and content_length(call.request):
        value, uploads, wrong = _read_parts(call)
    else:
        value, uploads, wrong = strict_json.parse(call.request.body), (), []
    call.digest = lambda: _digest(value, uploads)
    if len(uploads) > 1:
        wrong.append(Refusal(FIELD_INVALID, field=FILE, rule=wire.say(N_("it is taken once"), {})))
    draft = _validated(UnpublishedDraft, value, wrong)
    return {"given": GivenUnpublished(draft, next(iter(uploads), None))}


def read_post(call: Call) -> dict[str, Any]:
    """Return the given post of a request, for its handler, and remember the digest of all of it.

    Raises: ``bad_json``, and every refusal of the fields together.
    """
    if call.request.content_type == MULTIPART and content_length(call.request):
        value, uploads, wrong = _read_parts(call)
    else:
        value, uploads, wrong = strict_json.parse(call.request.body), (), []
    call.digest = lambda: _digest(value, uploads)
    return {"given": GivenPost(_validated(PostDraft, value, wrong), uploads)}


def _validated(shape: type[Draft], value: Any, wrong: list[Refusal]) -> Draft:
    """Return what ``meta`` says, in its shape. Raises: its refusals together with those that were found before."""
    try:
        draft = shape.model_validate(value)
    except ValidationError as error:
        wrong += refusals_of(error.errors(include_url=False, include_input=False))
    if wrong:
        raise Refusals(wrong)
    return draft


def _read_parts(call: Call) -> tuple[Any, tuple[Path, ...], list[Refusal]]:
    """Return the value of ``meta``, the paths of every ``file`` in their order, and what is wrong with the parts."""
    fields, files = call.request.POST, call.request.FILES
    _check_whole(call)
    wrong = [Refusal(FIELD_UNKNOWN, field=name) for name in {**fields, **files} if name not in {META, FILE}]
    if len(fields.getlist(META)) + len(files.getlist(META)) > 1:
        wrong.append(Refusal(FIELD_INVALID, field=META, rule=wire.say(N_("it is taken once"), {})))
    if FILE in fields:
        wrong.append(Refusal(FIELD_INVALID, field=FILE, rule=wire.say(N_("a part with a file name is expected"), {})))
    raw = _meta(call)
    if raw is None:
        raise Refusals([Refusal(FIELD_REQUIRED, field=META), *wrong])
    return strict_json.parse(raw), tuple(_path_of(upload) for upload in files.getlist(FILE)), wrong


def _path_of(upload: UploadedFile) -> Path:
    """Return where a file was put."""
    if not isinstance(upload, TemporaryUploadedFile):
        raise TypeError("uploads go to the data folder")
    return Path(upload.temporary_file_path())


def _check_whole(call: Call) -> None:
    """Refuse a body of which the end never came: the framework would take what came of the file for the file."""
    stream = call.request._stream  # noqa: SLF001 - it knows how much was read, and nothing public does
    if isinstance(stream, LimitedStream) and stream._pos < content_length(call.request):  # noqa: SLF001
        raise Broken(BAD_MULTIPART)


def _meta(call: Call) -> bytes | None:
    """Return the bytes of ``meta``, which some clients send as a field and some as a small file."""
    if META in call.request.FILES:
        raw: bytes = call.request.FILES[META].read(BODY_BYTES)
        return raw
    text = call.request.POST.get(META)
    if text is not None and "\ufffd" in text:  # where the framework met bytes that are not UTF-8
        raise Broken(BAD_JSON, rule=N_("it is not UTF-8"))
    return None if text is None else text.encode()


def _digest(value: Any, uploads: tuple[Path, ...]) -> bytes:
    """Return the digest of what a post says and of its files, in their order."""
    hashed = hashlib.sha256(hashlib.sha256(strict_json.canonical(value)).digest())
    for upload in uploads:
        with upload.open("rb") as file:
            hashed.update(hashlib.file_digest(file, "sha256").digest())
    return hashed.digest()
