"""An ad of the town that was shown to somebody, and the address of the page that says why."""

from __future__ import annotations

from django.conf import settings

from attise.kernel.means import Means
from attise.management.snapshots.render import Renderer
from attise.management.viewers.actions import hide_brand, note_hidden, viewer_of_person
from attise.management.viewers.queries import get_record
from attise.measurement.conversions.models import Touch
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.decision import Decision, encode_decision
from attise.records.feed import ViewerContext
from attise.records.lookups import regions
from attise.records.targeting import Targeting
from attise.records.token import sealer_of
from attise.serving.delivery.decide import claims_of, decide_slots
from tests.browser.brand import Brand
from tests.browser.town import Town
from tests.delivering import a_request, a_state


def a_shown_ad(town: Town, viewer: ViewerContext) -> Decision:
    """Decide on a Spark Ad for women of 25 to 34 in France, as the edge would."""
    means, brand = town.means, Brand(town)
    (france,) = [row.id for row in regions.countries() if row.iso == "FR"]
    audience = Targeting(locations=(france,), age_groups=("AGE_25_34",), gender="GENDER_FEMALE")
    group = brand.group(brand.campaign("Sérum C"), targeting=audience)
    ad, _ = brand.spark(group, "Sérum C, un mois après")
    (record,) = Renderer(means).ads([ad.id]).values()
    request = a_request(
        viewer=viewer,
        now_ms=means.clock.world_ms(),
        wire_ms=means.clock.wire_ms(),
        ids=tuple(means.ids.next() for _ in range(10)),
    )
    (decision,) = decide_slots(request, a_state([record]), None, (3,))
    assert decision.winner is not None, decision.dropped_by_name
    return decision


def keep(decision: Decision) -> None:
    """Write a decision into the house's log, as the edge does a moment after its answer."""
    log = SqliteLog(settings.HOUSE.folder, may_write=True)
    log.append([Entry(EntryKind.DECISION, decision.decision_id, encode_decision(decision))], at_ms=decision.wire_ms)
    log.close()


def seen_ads(town: Town) -> str:
    """Have the creator, as a viewer, have seen seven ads and hidden some; return the address of their page."""
    means, viewer = town.means, viewer_of_person(town.means, person_id=town.lea.id)
    rival, post = town.a_rival(), town.a_post("Sérum C, un mois après")
    person, now_ms = get_record(viewer.id).pseudonym, means.clock.world_ms()
    for number in range(7):
        brand = (town.advertiser, rival)[number % 2]
        Touch.objects.create(
            decision_id=means.ids.next(),
            advertiser_id=brand.id,
            **dict.fromkeys(("campaign_id", "adgroup_id", "clicked_at_ms", "engaged_at_ms"), 0),
            ad_id=900 + number,
            post_id=post.id if number % 3 else 0,
            person=person,
            seen_at_ms=now_ms - (7 - number) * 3_600_000,
            click_days=7,
            engaged_days=1,
            view_days=1,
            counts_once=False,
        )
    note_hidden(means, pseudonym=person, advertiser_id=town.advertiser.id, ad_id=900, at_ms=now_ms)
    hide_brand(means, viewer_id=viewer.id, advertiser_id=rival.id)
    return "/parametres/publicites"


def address_of(means: Means, decision: Decision) -> str:
    """Return where the ad's item says that one learns why."""
    return f"/w/{sealer_of(means.secrets).seal(claims_of(decision))}"


def why_page(town: Town) -> str:
    """Show an ad to somebody and return the address of its page."""
    decision = a_shown_ad(town, ViewerContext(pseudonym="p", age=30, gender="female", country="FR", language="fr"))
    keep(decision)
    return address_of(town.means, decision)
