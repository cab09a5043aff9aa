"""A log line is one line of JSON, and holds nothing that opens anything."""

from __future__ import annotations

import io
import json
import logging

import pytest

from attise.kernel.logs import JsonLines, blot


@pytest.mark.parametrize(
    "line",
    [
        "GET /v1/feed?viewer=CANARY&x=1 failed",
        "/media/1790000000.CANARYsignature/abc/video.mp4",
        "Authorization: Bearer CANARY",
        "sent bearer CANARY to it",
        "{'Access-Token': 'CANARY'}",
        '{"password": "CANARY", "a": 1}',
        "token=CANARY",
        "code: CANARY",
        "Cookie: CANARY=1",
        "mail to CANARY.person@example.org",
        "postgresql://user:CANARY@db.example/attise",
        "api_key=CANARY",
    ],
)
def test_what_opens_something_or_names_a_person_is_blotted_out(line):
    assert "CANARY" not in blot(line)


SECRET = "c0ffee0123456789c0ffee0123456789c0ffee01"


@pytest.mark.parametrize(
    "line",
    [
        f"Unprocessable Entity: /mot-de-passe/lien/alk_{SECRET}",
        f"Gone: /connexion/lien/alk_{SECRET}",
        f"Unprocessable Entity: /invitation/alk_{SECRET}",
        f"no token aat_{SECRET}, no key ahk_{SECRET}",
        f"Forbidden: /acces/x_{SECRET[:29]}-",
        f"Not Found: //acces/{SECRET[:32]}/",
        f"refused #{SECRET}abcdefg=",
    ],
)
def test_links_that_work_once_credentials_and_codes_are_blotted_out(line):
    assert SECRET[:20] not in blot(line)


@pytest.mark.parametrize(
    "line",
    [
        "site ended with code 1; it is started again in 0.2 s",
        "Not Found: /creation/publications/7530157153785495553",
        'File "/srv/attise/management/authorizations/a_rather_long_module_name.py", line 3, in first_broken_history',
    ],
)
def test_plain_words_are_left_alone(line):
    assert blot(line) == line


def test_a_record_is_one_line_with_its_trace_blotted():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines("edge"))
    log = logging.getLogger("attise.test")
    log.addHandler(handler)
    try:
        int("no such token=CANARY\nin two lines")
    except ValueError:
        log.exception("it failed", extra={"request_id": "r-1"})
    finally:
        log.removeHandler(handler)
    (line,) = stream.getvalue().splitlines()
    said = json.loads(line)
    assert said["ts"].endswith("Z")
    assert (said["level"], said["role"], said["msg"], said["request_id"]) == ("error", "edge", "it failed", "r-1")
    assert "ValueError" in said["error"]
    assert "CANARY" not in line
