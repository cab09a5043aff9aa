"""Touches, conversions and credits told anew from the log: nothing where nothing was touched, else the first thing."""

from __future__ import annotations

import itertools
import random
from hashlib import sha256

import pytest
from django.db import transaction
from django.db.models import F

from attise.kernel.limits import CONVERSION_LIFE_MS
from attise.measurement.attribution.actions import forget_people, forget_unknown
from attise.measurement.attribution.recount_conversions import recount_conversions
from attise.measurement.conversions import actions as conversions
from attise.measurement.conversions.models import Conversion, MatchKey, Touch
from attise.measurement.counters.queries import counts_of
from attise.measurement.ingest.log import Entry, EntryKind
from attise.records.conversion import Conversion as Told
from attise.records.conversion import Source, encode_conversion, key_of
from tests.measurement.attribution.happened import (
    ADVERTISER,
    POST,
    STANDARD_AD,
    ad_claims,
    claims,
    event,
    open_budget,
)

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = ("ann", "bob", "zoe", "")
_serial = itertools.count(1)


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def purchase(means, decision_id: int, *, event_id: str = "", name: str = "", source=Source.BROWSER, **said) -> Told:
    id_, at_ms = next(_serial), means.clock.world_ms()
    values = {"has_consent": True, "emails": (digest(name),) if name else (), **said}
    return Told(
        key=key_of(7, "Purchase", event_id, receipt_id=id_),
        id=id_,
        pixel_id=7,
        advertiser_id=ADVERTISER,
        event="Purchase",
        event_id=event_id,
        source=source,
        at_ms=at_ms,
        received_ms=at_ms,
        received_at_ms=at_ms,
        click_id=f"c{decision_id}" if decision_id else "",
        decision_id=decision_id,
        **values,
    )


def tell(happened, *told: Told) -> None:
    entries = [Entry(EntryKind.CONVERSION, one.id, encode_conversion(one)) for one in told]
    happened.log.append(entries, at_ms=happened.means.clock.wire_ms())


def lived(means, happened, many: int = 25, seed: int = 5) -> None:
    """Ads seen and clicked, some of it twice or doubted, and what their people bought: settled now and then."""
    chance = random.Random(seed)
    envelopes = open_budget(means)
    later = []
    for number in range(many):
        ad = ad_claims(
            envelopes,
            ad_id=chance.choice([901, STANDARD_AD]),
            attribution_event_count=chance.choice(["ONCE", "EVERY"]),
        )
        of = claims(means, ad, viewer=chance.choice(PEOPLE), session_id="s")
        sent = [
            event(means, type_, of, after_s=7 + chance.random() * 8, doubt=chance.choice(["", "", "declared_bot"]))
            for type_ in chance.sample(["impression", "view_6s", "complete", "click", "click"], 4)
        ]
        happened.append([*sent, sent[0]])
        for _ in range(chance.randint(0, 2)):
            name = chance.choice(["", "ann", "bob"])
            event_id = f"e{number}" if chance.random() < 0.5 else ""
            first = purchase(means, of.decision_id if chance.random() < 0.7 else 0, event_id=event_id, name=name)
            tell(happened, first)
            if event_id:
                consent = chance.random() < 0.8
                later.append((event_id, name, of.decision_id if consent else 0, consent))
        means.clock.advance(seconds=20)
        if later and chance.random() < 0.5:
            event_id, name, decision_id, consent = later.pop()
            told = purchase(
                means, decision_id, event_id=event_id, name=name if consent else "", source=Source.SERVER,
                has_consent=consent, value_micros=5_000_000, currency="EUR",
            )  # fmt: skip
            tell(happened, told)
        if chance.random() < 0.3:
            happened.settle()
    happened.settle()


def found(happened, known=PEOPLE) -> str | None:
    verdict = recount_conversions(
        happened.means, happened.log, whose=happened.whose, known=lambda people: set(people) & set(known)
    )
    return verdict.difference


@pytest.mark.parametrize("seed", [5, *(pytest.param(one, marks=pytest.mark.long) for one in range(100, 120))])
def test_nothing_is_found_where_nothing_was_touched(means, happened, seed):
    assert found(happened) is None
    lived(means, happened, seed=seed)
    assert found(happened) is None
    assert Conversion.objects.exclude(credited_decision_id=0).exists()
    assert Conversion.objects.filter(told_by_both=True).exists()
    assert MatchKey.objects.exists()


def credited() -> Conversion:
    return Conversion.objects.filter(is_counted=True).first()


def gone() -> None:
    row = credited()
    MatchKey.objects.filter(conversion=row).delete()
    row.delete()


TOUCHED = (
    (lambda: Touch.objects.filter(clicked_at_ms__gt=0).update(clicked_at_ms=F("clicked_at_ms") + 1), "touch of"),
    (lambda: Touch.objects.filter(pk=Touch.objects.first().pk).delete(), "touch of decision"),
    (lambda: Touch.objects.filter(pk=Touch.objects.first().pk).update(decision_id=5), "touch of decision 5: None"),
    (lambda: Conversion.objects.filter(pk=credited().pk).update(value_micros=7), "value_micros of conversion"),
    (lambda: Conversion.objects.update(copies=F("copies") + 1), "copies of conversion"),
    (lambda: Conversion.objects.filter(pk=credited().pk).update(ad_id=5), "credit of conversion"),
    (lambda: Conversion.objects.filter(pk=credited().pk).update(credited_decision_id=0), "credit of conversion"),
    (lambda: Conversion.objects.filter(credited_decision_id=0).update(is_counted=True), "credited to nothing"),
    (lambda: Conversion.objects.filter(pk=credited().pk).update(is_counted=False), "does not count by the house"),
    (gone, "conversion"),
    (lambda: MatchKey.objects.filter(pk=MatchKey.objects.first().pk).delete(), "name of conversion"),
    (lambda: MatchKey.objects.filter(pk=MatchKey.objects.first().pk).update(value=b"x"), "name of conversion"),
)


def test_the_first_thing_that_was_touched_is_named(means, happened):
    lived(means, happened)
    for touch, named in TOUCHED:
        with transaction.atomic():
            touch()
            assert named in (found(happened) or ""), named
            transaction.set_rollback(True)
    assert found(happened) is None


def test_of_nobody_only_the_click_is_kept_however_events_were_cut(means, happened):
    """Found by a drill: what nobody watched was kept where it was settled along with the click, and only there."""
    envelopes = open_budget(means)
    together, apart = (claims(means, ad_claims(envelopes), viewer="", session_id=name) for name in ("s1", "s2"))
    happened.settle(*(event(means, type_, together, after_s=9) for type_ in ("impression", "complete", "click")))
    for type_ in ("impression", "complete", "click"):
        happened.settle(event(means, type_, apart, after_s=9))
    assert set(Touch.objects.values_list("seen_at_ms", "engaged_at_ms")) == {(0, 0)}
    assert Touch.objects.exclude(clicked_at_ms=0).count() == 2
    assert found(happened) is None


def test_where_the_log_was_let_go_of_credits_are_given_anew_from_the_rows(means, happened):
    lived(means, happened)
    happened.log.prune(before_ms=1 << 62, upto=3)
    verdict = recount_conversions(means, happened.log, whose=happened.whose, known=set)
    assert (verdict.difference, verdict.is_whole) == (None, False)
    Conversion.objects.filter(pk=credited().pk).update(ad_id=5)
    assert "credit of conversion" in found(happened)


def totals() -> list[tuple]:
    rows = Conversion.objects.order_by("id").values_list(
        "id", "standing", "ad_id", "campaign_id", "is_counted", "touch"
    )
    return list(rows)


def test_a_person_is_forgotten_and_what_was_credited_stays(means, happened):
    """Whatever comes afterwards: conversions of others, of the same names, and what is settled late of the person."""
    lived(means, happened)
    before, counted = totals(), counts_of(POST)
    click = Touch.objects.filter(person="ann").exclude(clicked_at_ms=0).latest("clicked_at_ms")
    theirs = Conversion.objects.filter(credited_decision_id__in=Touch.objects.filter(person="ann").values("pk"))
    ids = set(theirs.values_list("id", flat=True))
    assert ids
    assert forget_people(["ann"]) > 0
    assert forget_people(["ann", ""]) == 0, "whoever has no name is nobody who could be forgotten"
    assert not Touch.objects.filter(person="ann").exists()
    assert Touch.objects.filter(person="").exists()
    assert not MatchKey.objects.filter(conversion_id__in=ids).exists()
    assert totals() == before
    assert counts_of(POST) == counted
    assert found(happened, known={"bob", "zoe"}) is None
    assert "touch of decision" in found(happened, known={"ann", "bob", "zoe"})
    tell(happened, purchase(means, click.decision_id, name="ann"), purchase(means, 0, name="ann"))
    happened.settle()
    assert totals()[: len(before)] == before
    late = Conversion.objects.order_by("-id")[:2].values_list("credited_decision_id", flat=True)
    assert click.decision_id not in late, "what they clicked is not known any more"
    assert found(happened, known={"bob", "zoe"}) is None


def test_what_is_settled_of_somebody_after_they_were_forgotten_goes_too(means, happened):
    of = claims(means, ad_claims(open_budget(means)), viewer="ann")
    other = claims(means, ad_claims(open_budget(means)), viewer="bob")
    forget_people(["ann"])
    happened.settle(event(means, "click", of, after_s=9), event(means, "click", other, after_s=9))
    assert Touch.objects.count() == 2

    def known(people):
        return set(people) - {"ann"}

    assert forget_unknown(known, after="", limit=1) == ("ann", 1)
    assert forget_unknown(known, after="ann", limit=1) == ("bob", 0)
    assert forget_unknown(known, after="bob", limit=1) == ("", 0)
    assert list(Touch.objects.values_list("person", flat=True)) == ["bob"]
    assert found(happened, known={"bob"}) is None


def test_a_touch_that_is_too_old_goes_and_its_credit_stays(means, happened, clock):
    of = claims(means, ad_claims(open_budget(means)), viewer="ann")
    happened.append([event(means, "click", of, after_s=9)])
    clock.advance(seconds=5 * 86_400)
    tell(happened, purchase(means, of.decision_id, name="ann"))
    happened.settle()
    before = totals()
    clock.advance(seconds=CONVERSION_LIFE_MS / 1_000 - 86_400)
    assert conversions.sweep(means) == 1
    assert found(happened) is None
    tell(happened, purchase(means, 0, name="ann"))
    happened.settle()
    assert totals()[:1] == before
    assert found(happened) is None
