"""Files of a form: where they were put, once all of the form came."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest


def whole_files(request: HttpRequest, uploads: list[UploadedFile]) -> list[Path]:
    """Return where the files were put, in their order; those of a form whose end never came are none."""
    stream = request._stream  # noqa: SLF001 - it knows how much was read, and nothing public does
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if isinstance(stream, LimitedStream) and stream._pos < announced:  # noqa: SLF001 - as above
        return []
    return [Path(upload.temporary_file_path()) for upload in uploads if isinstance(upload, TemporaryUploadedFile)]
