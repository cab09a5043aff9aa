from __future__ import annotations

import json

import pytest

from attise.doors.edge import problems
from attise.doors.edge.addresses import Shape

ALL = [value for value in vars(problems).values() if isinstance(value, problems.Problem)]


@pytest.mark.parametrize("problem", ALL, ids=lambda problem: problem.code)
def test_every_problem_says_what_and_what_next_in_both_languages_and_three_shapes(problem):
    for language in ("en", "fr"):
        message, next_step = getattr(problem, language)
        assert message.endswith(".")
        assert next_step.endswith(".")
        status, headers, body = problems.write(problem, Shape.NATIVE, language=language, request_id="r-1")
        assert status == problem.status
        assert json.loads(body) == {
            "error": {"code": problem.code, "message": message, "next": next_step, "request_id": "r-1"}
        }
        assert (b"content-length", b"%d" % len(body)) in headers
        status, _, body = problems.write(problem, Shape.DIALECT, language=language, request_id="r-1")
        assert status == 200
        assert json.loads(body) == {"code": problem.number, "message": message, "request_id": "r-1", "data": {}}
        status, headers, body = problems.write(problem, Shape.PAGE, language=language, request_id="r-1")
        page = body.decode()
        assert f'<html lang="{language}">' in page
        assert "r-1" in page
        policy = dict(headers)[b"content-security-policy"].decode()
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    assert problem.en != problem.fr


def test_a_page_escapes_what_it_shows():
    _, _, body = problems.write(problems.AWAY, Shape.PAGE, language="en", request_id="<b>x</b>")
    assert b"<b>x</b>" not in body
