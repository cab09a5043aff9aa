"""Explanations: a record decides again, every reason against one ad is told, and in words in two languages."""

import random
import re
import string

import msgspec
import pytest

from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.records.decision import NoAd, decode_decision, encode_decision, request_again
from attise.records.drops import Drop
from attise.records.targeting import Targeting
from attise.serving.delivery import words
from attise.serving.delivery.decide import decide_slots
from attise.serving.delivery.explain import explain_ad, explain_decision
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.serving.delivery.policy import Policy
from tests.delivering import VIEWER, a_request, a_state, an_ad, remembered
from tests.snapshot_records import NOON_MS
from tests.targeting import a_viewer, some_ads

FLAT = msgspec.structs.replace


def decide(state, memory=None, slots=(3,), **request):
    return decide_slots(a_request(**request), state, memory, slots)


def test_a_record_is_decided_again_from_its_bytes_alone_and_comes_out_the_same():
    rng = random.Random(12)
    ads = some_ads(rng, 400)
    again, wins = a_state(ads), 0
    for _ in range(80):
        viewer = a_viewer(rng)
        request = a_request(viewer=viewer, seed=rng.getrandbits(64))
        for logged in decide_slots(request, a_state(ads), None, (3, 9)):
            record = decode_decision(encode_decision(logged))
            request = request_again(record, follows=viewer.follows)
            found = decide_slots(request, again, None, record.moment.slots)
            (same,) = [one for one in found if one.decision_id == record.decision_id]
            assert encode_decision(same) == encode_decision(logged)
            wins += logged.is_ad
    assert wins > 20


def test_of_a_winner_it_says_so_and_of_the_next_what_it_was_worth():
    state = a_state([an_ad(1, group={"bid_micros": 900_000}), an_ad(2), an_ad(3, group={"bid_micros": 100_000})])
    (one,) = decide(state)
    won = explain_decision(one, 1, state, memory=NEW)
    assert (won.has_won, won.drops, won.rank) == (True, (), 1)
    assert won.standing == one.winner
    lost = explain_decision(one, 2, state, memory=NEW)
    assert (lost.drops, lost.rank, lost.best_value) == ((Drop.OUTBID,), 2, one.winner.rank_value)
    assert lost.standing == one.runner_up
    assert not explain_decision(one, 77, state, memory=NEW).is_known


def test_every_reason_is_told_where_a_decision_stops_at_the_first():
    group = {
        "targeting": Targeting(locations=(2_802_361,), languages=("nl",)),
        "ends_at_ms": NOON_MS,
        "envelope_id": 31,
        "balance_envelope_id": 3,
        "brand_safety_type": "LIMITED_INVENTORY",
    }
    ads = [an_ad(1, group=group), an_ad(2)]
    state = a_state(ads, rooms={31: 1, 3: 1}, policy=Policy(reserve_ecpm=10**9, attention_ecpm=10.0**10))
    memory = remembered(*decide(a_state([an_ad(1)])), now_ms=NOON_MS)
    viewer = FLAT(VIEWER, owns=(5_001,), hidden_ads=(1,))
    found = explain_ad(1, a_request(viewer=viewer), state, memory, (3,), beside=2)
    assert found.drops == (
        *(Drop.SCHEDULE, Drop.LOCATION, Drop.LANGUAGE),
        *(Drop.OWN_AD, Drop.HIDDEN, Drop.BRAND_SAFETY, Drop.ADVERTISER_GAP, Drop.BUDGET_ADGROUP, Drop.BALANCE),
        Drop.RESERVE,
    )
    assert not found.was_found
    assert found.knows_memory


def test_an_ad_that_was_stopped_held_out_beaten_by_its_own_or_not_reached_is_told_why():
    ads = [
        an_ad(1, group={"bid_micros": 900_000, "advertiser_id": 9}),
        an_ad(2, group={"bid_micros": 800_000, "advertiser_id": 9}),
        an_ad(3, group={"holdout_ppm": 1_000_000}),
        an_ad(4, group={"bid_micros": 1_000}),
    ]
    state = a_state(ads, policy=Policy(candidates=3))
    ask = a_request()
    assert explain_ad(2, ask, state, NEW, (3, 9), number=1).drops == (Drop.SAME_ADVERTISER,)
    assert explain_ad(2, ask, state, NEW, (3,)).drops == (Drop.OUTBID,)
    assert explain_ad(3, ask, state, NEW, (3, 9), number=1).drops == (Drop.HOLDOUT,)
    assert explain_ad(4, ask, state, NEW, (3,)).drops == (Drop.SCAN_LIMIT,)
    state.segments[0].clear_ads([1])
    assert explain_ad(1, ask, state, NEW, (3,)).drops == (Drop.NOT_LIVE,)
    stale = a_state([an_ad(1)], totals_at_ms=NOON_MS - MINUTE_MS)
    assert explain_ad(1, ask, stale, NEW, (3,)).drops == (Drop.TOTALS_STALE,)


def test_every_cap_is_told_at_once():
    ads = [
        an_ad(1, group={"advertiser_id": 9, "campaign_id": 8}),
        an_ad(2, group={"advertiser_id": 9, "campaign_id": 8}),
    ]
    state = a_state(ads)
    (one,) = decide(state)
    memory = NEW
    for _ in range(4):
        memory = remembered(one, memory=memory)
    found = explain_ad(one.winner.ad_id, a_request(), state, memory, (3,))
    assert found.drops == (Drop.FREQUENCY_AD, Drop.FREQUENCY_CAMPAIGN, Drop.ADVERTISER_GAP)
    own = an_ad(3, group={"frequency": 1, "frequency_days": 30})
    (shown,) = decide(a_state([own]))
    later = a_request(now_ms=NOON_MS + 29 * DAY_MS, wire_ms=NOON_MS)
    kept = remembered(shown, now_ms=NOON_MS)
    assert explain_ad(3, later, a_state([own]), kept, (3,)).drops == (Drop.FREQUENCY_GROUP,)


def test_without_a_memory_it_says_that_caps_are_not_known():
    state = a_state([an_ad(1), an_ad(2)])
    (one,) = decide(state, NEW)
    found = explain_decision(one, 1, state)
    assert not found.knows_memory
    assert "frequency caps could not be checked" in " ".join(words.sentences_of_ad(found, "en"))
    assert "plafonds de répétition" in " ".join(words.sentences_of_ad(found, "fr"))


@pytest.mark.parametrize("table", [words.DROPS, words.NO_AD, words.BILLED, words._SENTENCES])
def test_both_languages_say_the_same_things(table):
    for french, english in table.values():
        assert french
        assert english
        fields = [
            sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in (french, english)
        ]
        assert fields[0] == fields[1]


def test_every_reason_has_words():
    assert set(words.DROPS) == set(Drop)
    assert set(words.NO_AD) == set(NoAd)


def test_a_decision_in_words_tells_who_won_the_next_one_and_the_price():
    state = a_state([an_ad(1, group={"bid_micros": 900_000, "holdout_ppm": 1_000_000}), an_ad(2)])
    (ghostly,) = decide(state)
    told = words.in_words(ghostly)
    assert "Ad 1 would have won" in told["en"]
    assert "groupe témoin" in told["fr"]
    (one,) = decide(
        a_state(
            [
                an_ad(1, group={"bid_micros": 900_000}),
                an_ad(2),
                an_ad(3, group={"targeting": Targeting(languages=("nl",))}),
            ]
        )
    )
    told = words.in_words(one)
    assert "3 ads running, 2 brought to the contest." in told["en"]
    assert re.search(r"It pays €0\.\d+ for a click", told["en"])
    assert re.search(r"Elle paie 0,\d+\N{NO-BREAK SPACE}€ pour un clic", told["fr"])
    assert "another language (1), another was worth more (1)" in told["en"]
    assert "autre langue (1)" in told["fr"]


def test_amounts_are_told_exactly_in_the_currencys_own_way():
    say_en, say_fr = words._Speaker("en"), words._Speaker("fr")
    assert say_en.money(4_210, "EUR") == "€0.00421"
    assert say_fr.money(1_234_560_000, "EUR") == "1\N{NARROW NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€"
    assert say_en.money(-500_000, "EUR") == "-€0.50"
    assert say_en.money(100_000_000, "JPY").endswith("100")
    assert say_en.money(1, "CHF") == "CHF\N{NO-BREAK SPACE}0.000001"


def test_an_empty_slot_is_told_in_words_and_so_is_an_unknown_ad():
    memory = ViewerMemory(quiet_until_video=20)
    (one,) = decide(a_state([an_ad(1)]), memory)
    assert words.in_words(one)["en"].startswith("This person has just hidden an ad")
    (none,) = decide(a_state([]))
    assert words.in_words(none)["fr"].startswith("Aucune annonce n’est destinée")
    unknown = explain_ad(5, a_request(), a_state([an_ad(1)]), NEW, (3,))
    assert words.sentences_of_ad(unknown, "en") == ["Ad 5 is not among those that may run."]
    won = explain_ad(1, a_request(), a_state([an_ad(1)], pace={3_001: 0.5}), NEW, (3,))
    told = words.sentences_of_ad(won, "en")
    assert told[0] == "Ad 1 won this slot."
    assert "Pacing lets it offer 50% of its bid." in told
