"""Creators see how far the feed has taken their posts: on the post's page with dates and reasons, and in the list."""

from __future__ import annotations

import html

import pytest

from tests.measurement.circles.met import widen_house

pytestmark = pytest.mark.django_db


def test_a_creator_reads_where_a_post_is_since_when_and_why(town, signed_in):
    loved, skipped, alone = (town.a_post() for _ in range(3))
    widen_house(town.means, loved.id, skipped.id)
    lea = signed_in(town.lea)

    def read(path: str, language: str) -> str:
        page = lea.get(f"/creation/publications{path}", headers={"Accept-Language": language})
        return html.unescape(page.content.decode())

    stopped = read(f"/{skipped.id}", "fr")
    assert "Son cercle" in stopped
    assert "Ne progresse plus" in stopped
    assert stopped.index("ne s’élargit plus") < stopped.index("entre dans son premier cercle"), "the newest first"
    widened = read(f"/{loved.id}", "en")
    assert "its circle widens" in widened
    assert "What ads bring has no part in it." in widened
    assert "Nobody has met it in the feed yet." in read(f"/{alone.id}", "en")
    listed = read("", "en")
    assert "No longer progressing" in listed
    assert "circle 1 of 2" in listed
