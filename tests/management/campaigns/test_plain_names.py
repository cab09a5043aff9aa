"""A name is looked for without case and accents, the same on every database, and signs of patterns are signs."""

from __future__ import annotations

import pytest

from attise.kernel.text import plain
from attise.management.campaigns.models import Campaign
from attise.management.campaigns.queries.plain_names import named_like
from tests.campaigns import a_campaign

pytestmark = pytest.mark.django_db


def test_names_are_found_as_people_type_them(means, brand):
    names = ["Été à la plage", "ETE 100%_net", "Crème d’hiver", "Nuit"]
    for name in names:
        a_campaign(means, brand.id, name)

    def found(text: str) -> set[str]:
        return {row.name for row in named_like(Campaign.objects.filter(advertiser_id=brand.id), text)}

    assert found("ete") == found("ÉTÉ") == found("e\u0301te\u0301") == {names[0], names[1]}
    assert found("creme") == found("CRÈME D’") == {names[2]}
    assert found("%_n") == {names[1]}
    assert found("%") == found("_") == {names[1]}
    assert found("nuits") == found("\x00") == set()


def test_what_python_makes_plain_is_small_and_bears_no_marks():
    assert [plain(text) for text in ("Été", "FAÇON", "Ñandú", None)] == ["ete", "facon", "nandu", None]
