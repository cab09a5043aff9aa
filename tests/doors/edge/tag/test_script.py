"""The tag is small, known by its content, and served to any page."""

from __future__ import annotations

import gzip

from attise.doors.edge.tag.script import COMPRESSED_BYTES, FILE
from attise.records.tag import COLLECT_PATH, TAG_PATH


def get(site, method="GET", **headers):
    return site.ask(None, path=TAG_PATH, method=method, key="", headers=headers)


def test_it_is_the_file_in_less_than_three_kilobytes(site):
    plain, small = get(site), get(site, **{"accept-encoding": "br, gzip"})
    assert plain.body == gzip.decompress(small.body) == FILE.read_bytes()
    assert len(small.body) < COMPRESSED_BYTES
    assert plain.headers["content-type"] == small.headers["content-type"] == "text/javascript; charset=utf-8"
    assert small.headers["content-encoding"] == "gzip"
    assert plain.headers["access-control-allow-origin"] == "*"
    assert plain.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=3600" in plain.headers["cache-control"]


def test_a_browser_that_has_it_is_told_so(site):
    small = get(site, **{"accept-encoding": "gzip"})
    again = get(site, **{"accept-encoding": "gzip", "if-none-match": f'"x", W/{small.headers["etag"]}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", small.headers["etag"])
    assert get(site, **{"if-none-match": small.headers["etag"]}).status == 200  # the other body


def test_its_head_has_no_body_and_nothing_else_is_taken(site):
    assert get(site, "HEAD").body == b""
    assert get(site, "HEAD").headers["content-length"] == str(len(FILE.read_bytes()))
    assert get(site, "POST").status == 405


def test_it_tells_the_house_that_it_came_from(site):
    assert f'"{COLLECT_PATH}"' in FILE.read_text()
    assert "http" not in FILE.read_text().replace("https:", "").replace("without https", "")
