"""An ad of the town that was shown to somebody, and the address of the page that says why."""

from __future__ import annotations

from django.conf import settings

from attise.kernel.means import Means
from attise.management.snapshots.render import Renderer
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


def address_of(means: Means, decision: Decision) -> str:
    """Return where the ad's item says that one learns why."""
    return f"/w/{sealer_of(means.secrets).seal(claims_of(decision))}"


def why_page(town: Town) -> str:
    """Show an ad to somebody and return the address of its page."""
    decision = a_shown_ad(town, ViewerContext(pseudonym="p", age=30, gender="female", country="FR", language="fr"))
    keep(decision)
    return address_of(town.means, decision)
