"""Which events are taken: each by itself, by its token's word alone, and by nobody else's than its viewer's."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.limits import (
    DAY_MS,
    EVENT_CLOCK_MS,
    TOKEN_ENGAGEMENT_MS,
    TOKEN_IMPRESSION_MS,
    TOKEN_VIEW_MS,
    WATCH_MS_MOST,
)
from attise.kernel.seal import decode, encode
from attise.kernel.secrets import Secrets
from attise.measurement.ingest import errors
from attise.measurement.ingest.accept import (
    ACCEPTED,
    DUPLICATE,
    OF_CREATORS,
    REJECTED,
    TOKEN_ALONE,
    Accepted,
    Acceptor,
    Lists,
    Moment,
)
from attise.measurement.ingest.agents import HEADLESS, SIGNS, Agents
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.networks import Blocks, Listed, ListError, parse_list
from attise.measurement.ingest.sent import Sender, Sent
from attise.records.change import Change, ChangeKind
from attise.records.event import TYPES, key_of
from attise.records.token import LIFE_MS, ONLY_ADS, TokenFault, sealer_of
from attise.records.viewer import Viewer
from tests.records.claims import CLAIMS, NOW_MS, ORGANIC

SECRETS = Secrets(bytes(range(32)))
TOKENS = sealer_of(SECRETS)
TOKEN = TOKENS.seal(CLAIMS)
ANA = Viewer(7_507_823_923_200_000_101, CLAIMS.viewer)
BEN = Viewer(7_507_823_923_200_000_102, "b" * 32)
HOST = Sender(None)
OFFSET_MS = 3 * DAY_MS
"""World time runs ahead of wire time, so that a test sees which is which."""
MOMENT = Moment(NOW_MS + 20_000, NOW_MS + 20_000 + OFFSET_MS)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"
VIEWERS = {str(ANA.viewer_id): ANA, str(BEN.viewer_id): BEN, "404": None}


def lists(*, is_live=False, listed=Listed()):  # noqa: B008 - never changed
    return Lists(Agents(is_live=is_live), listed, Blocks(bytes(32)))


@pytest.fixture
def keys():
    return Keys()


@pytest.fixture
def acceptor(keys):
    return Acceptor(TOKENS, keys, lists())


def sent(event_id="e1", type_="impression", **more):
    return Sent(**{"event_id": event_id, "type": type_, "at_ms": MOMENT.world_ms, "token": TOKEN, **more})


def one(acceptor, item, sender=HOST, moment=MOMENT):
    """Return the result of one event and, when it was taken, its record."""
    made = acceptor.accept([item], sender, VIEWERS, moment)
    (result,) = made.results
    assert len(made.events) == (result.status == ACCEPTED)
    return result, (made.events[0] if made.events else None)


def refused(acceptor, item, sender=HOST, moment=MOMENT):
    result, event = one(acceptor, item, sender, moment)
    assert (result.status, event) == (REJECTED, None)
    return result.code, result.field


def test_an_event_bears_what_its_token_says_and_both_times_of_its_receipt(acceptor):
    result, event = one(acceptor, sent(at_ms=MOMENT.world_ms - 1_000, watch_ms=5))
    assert (result.event_id, result.status, result.code) == ("e1", ACCEPTED, "")
    assert event.claims == CLAIMS
    assert (event.person, event.post_id, event.creator_id) == (CLAIMS.viewer, CLAIMS.post_id, CLAIMS.creator_id)
    assert (event.at_ms, event.received_ms, event.received_at_ms) == (
        MOMENT.world_ms - 1_000,
        MOMENT.wire_ms,
        MOMENT.world_ms,
    )
    assert (event.watch_ms, event.session_id, event.doubt, event.block) == (5, "s1", "", "")
    assert event.key == key_of("impression", "e1", CLAIMS.viewer, CLAIMS)


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_every_type_is_taken_with_a_token_in_its_life_and_not_after_it(acceptor, type_):
    last = NOW_MS + LIFE_MS[type_]
    assert one(acceptor, sent(type_=type_), moment=Moment(last, last))[0].status == ACCEPTED
    assert refused(acceptor, sent(type_=type_), moment=Moment(last + 1, last)) == ("token_expired", "token")


def test_lives_are_those_that_are_promised():
    assert (TOKEN_IMPRESSION_MS, TOKEN_VIEW_MS, TOKEN_ENGAGEMENT_MS) == (1_800_000, 7_200_000, 86_400_000)


@pytest.mark.parametrize("type_", ["", "Impression", "view", "purchase", "unreport"])
def test_a_type_that_is_not_known_is_refused_alone(acceptor, type_):
    made = acceptor.accept([sent("a", type_), sent("b")], HOST, {}, MOMENT)
    assert [(one.status, one.code, one.field) for one in made.results] == [
        (REJECTED, "type_unknown", "type"),
        (ACCEPTED, "", ""),
    ]


@pytest.mark.parametrize("type_", sorted(ONLY_ADS))
def test_what_only_an_ad_has_does_not_come_of_an_organic_item(acceptor, type_):
    assert refused(acceptor, sent(type_=type_, token=TOKENS.seal(ORGANIC))) == ("token_type", "type")


def test_each_bit_of_a_token_flipped_is_refused(acceptor):
    raw = decode(TOKEN)
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        code, field = refused(acceptor, sent(token=encode(bytes(changed))))
        assert (code in {"token_invalid", "token_malformed", "token_expired"}, field) == (True, "token"), bit


def test_each_character_of_a_token_changed_in_any_of_its_bits_is_refused(acceptor):
    for place, character in enumerate(TOKEN):
        for bit in range(8):
            changed = TOKEN[:place] + chr(ord(character) ^ (1 << bit)) + TOKEN[place + 1 :]
            assert refused(acceptor, sent(token=changed))[1] == "token", (place, bit)


@pytest.mark.parametrize(
    "other", [TOKEN + "=", " " + TOKEN, TOKEN.swapcase(), TOKEN[:-1], TOKEN * 6, "", "é", "A" * 99]
)
def test_a_token_has_one_spelling(acceptor, other):
    assert refused(acceptor, sent(token=other))[1] == "token"


def test_the_key_of_a_day_that_is_over_and_of_one_to_come_opens_nothing(acceptor):
    late = NOW_MS + 2 * DAY_MS
    assert refused(acceptor, sent(type_="like"), moment=Moment(late, late)) == ("token_expired", "token")
    ahead = TOKENS.seal(msgspec.structs.replace(CLAIMS, sealed_at_ms=NOW_MS + 2 * DAY_MS))
    assert refused(acceptor, sent(token=ahead)) == ("token_invalid", "token")


def test_a_token_of_another_house_is_refused(acceptor):
    foreign = sealer_of(Secrets(bytes(32))).seal(CLAIMS)
    assert refused(acceptor, sent(token=foreign)) == ("token_invalid", "token")


def test_a_viewers_browser_sends_what_was_given_to_this_viewer(acceptor):
    assert one(acceptor, sent(), Sender(ANA))[0].status == ACCEPTED
    assert one(acceptor, sent("e2", "like", viewer_id=str(ANA.viewer_id)), Sender(ANA))[0].status == ACCEPTED
    assert refused(acceptor, sent(), Sender(BEN)) == ("token_of_another", "token")
    nobody = TOKENS.seal(msgspec.structs.replace(CLAIMS, viewer=""))
    assert refused(acceptor, sent(token=nobody), Sender(BEN)) == ("token_of_another", "token")
    assert refused(acceptor, sent(viewer_id=str(BEN.viewer_id)), Sender(ANA)) == ("viewer_of_another", "viewer_id")


def test_a_host_sends_for_anybody_and_what_it_says_of_them_must_hold(acceptor):
    assert one(acceptor, sent())[0].status == ACCEPTED
    assert one(acceptor, sent("e2", "like", viewer_id=str(ANA.viewer_id)))[0].status == ACCEPTED
    assert refused(acceptor, sent(viewer_id=str(BEN.viewer_id))) == ("token_of_another", "token")
    assert refused(acceptor, sent(viewer_id="404")) == ("not_found", "viewer_id")


def test_somebody_without_memory_is_known_by_the_decision_alone(acceptor):
    nobody = TOKENS.seal(msgspec.structs.replace(CLAIMS, viewer=""))
    event = one(acceptor, sent(token=nobody, type_="share"))[1]
    assert (event.person, event.key) == ("", key_of("share", "e1", "", event.claims))


def test_a_post_or_creator_that_is_named_is_that_of_the_token(acceptor):
    good = {"post_id": str(CLAIMS.post_id), "creator_id": str(CLAIMS.creator_id)}
    assert one(acceptor, sent(**good))[0].status == ACCEPTED
    assert refused(acceptor, sent(**{**good, "post_id": "5"})) == ("post_mismatch", "post_id")
    assert refused(acceptor, sent(**{**good, "creator_id": "5"})) == ("post_mismatch", "creator_id")
    standard = TOKENS.seal(msgspec.structs.replace(CLAIMS, post_id=0, creator_id=0))
    assert refused(acceptor, sent(token=standard, post_id="5")) == ("post_mismatch", "post_id")


@pytest.mark.parametrize(
    ("watch_ms", "kept"), [(0, 0), (WATCH_MS_MOST, WATCH_MS_MOST), (None, -1), (msgspec.UNSET, -1)]
)
def test_what_was_watched_is_kept_as_it_was_said(acceptor, watch_ms, kept):
    assert one(acceptor, sent(watch_ms=watch_ms))[1].watch_ms == kept


@pytest.mark.parametrize("watch_ms", [-1, WATCH_MS_MOST + 1, 2**63, 10**30, -(10**30)])
def test_a_time_that_nobody_can_have_watched_is_refused(acceptor, watch_ms):
    assert refused(acceptor, sent(watch_ms=watch_ms)) == ("watch_out_of_bounds", "watch_ms")


@pytest.mark.parametrize(
    ("off_ms", "is_kept"),
    [(0, True), (EVENT_CLOCK_MS, True), (-EVENT_CLOCK_MS, True), (EVENT_CLOCK_MS + 1, False), (-(10**30), False)],
)
def test_a_clients_time_is_kept_within_five_minutes_of_ours(acceptor, off_ms, is_kept):
    event = one(acceptor, sent(at_ms=MOMENT.world_ms + off_ms))[1]
    assert event.at_ms == MOMENT.world_ms + (off_ms if is_kept else 0)


# Without a token


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_without_a_token_an_event_needs_a_viewer_and_what_it_was_done_to(acceptor, type_):
    bare = {"token": None, "post_id": "5"}
    ana = Sender(ANA)
    if type_ in TOKEN_ALONE:
        assert refused(acceptor, sent(type_=type_, **bare), ana) == ("token_required", "token")
        return
    event = one(acceptor, sent(type_=type_, **bare), ana)[1]
    assert (event.person, event.post_id, event.creator_id, event.claims) == (ANA.pseudonym, 5, 0, None)
    assert event.is_paid is False
    named = one(acceptor, sent("e4", type_, creator_id="6", **bare), ana)[1]
    assert (named.post_id, named.creator_id) == (5, 0), "whose a post is, nobody is believed about"
    assert one(acceptor, sent("e2", type_, viewer_id=str(BEN.viewer_id), **bare))[1].person == BEN.pseudonym
    assert refused(acceptor, sent(type_=type_, **bare)) == ("viewer_required", "viewer_id")
    assert refused(acceptor, sent(type_=type_, token=None), ana) == ("object_required", "post_id")
    of_creator = sent("e3", type_, token=None, creator_id="6")
    if type_ in OF_CREATORS:
        assert one(acceptor, of_creator, ana)[1].creator_id == 6
    else:
        assert refused(acceptor, of_creator, ana) == ("object_required", "post_id")


# Twice


def test_what_is_sent_twice_in_one_batch_is_taken_once(acceptor):
    made = acceptor.accept([sent("a"), sent("b"), sent("c", "like"), sent("c", "unlike")], HOST, {}, MOMENT)
    assert [one.status for one in made.results] == [ACCEPTED, DUPLICATE, ACCEPTED, DUPLICATE]
    assert [event.event_id for event in made.events] == ["a", "c"]
    more = acceptor.accept([sent("d")], HOST, {}, MOMENT, into=made)
    assert [one.status for one in more.results] == [ACCEPTED, DUPLICATE, ACCEPTED, DUPLICATE, DUPLICATE]


def test_what_became_durable_here_is_told_as_twice_and_what_did_not_is_not(acceptor, keys):
    first = acceptor.accept([sent(), sent("l", "like")], HOST, {}, MOMENT)
    again = acceptor.accept([sent(), sent("l", "like")], HOST, {}, MOMENT)
    assert [one.status for one in again.results] == [ACCEPTED] * 2, "the first was never told to be durable"
    keys.add(first.keys)
    third = acceptor.accept([sent("other"), sent("l", "like"), sent("l2", "like")], HOST, {}, MOMENT)
    assert [one.status for one in third.results] == [DUPLICATE, DUPLICATE, ACCEPTED]


def test_a_copy_that_was_fetched_ahead_does_not_stand_in_the_way_of_the_one_that_was_seen(acceptor, keys):
    ahead = acceptor.accept([sent()], Sender(ANA, is_ahead=True), {}, MOMENT)
    keys.add(ahead.keys)
    result, event = one(acceptor, sent(), Sender(ANA))
    assert (result.status, event.doubt) == (ACCEPTED, "")


def test_keys_are_bounded_and_the_newest_are_known():
    keys = Keys(most=10)
    made = [bytes([number]) * 16 for number in range(100)]
    for key in made:
        keys.add([key])
        assert key in keys
        assert len(keys) <= 20
    assert all(key in keys for key in made[-10:])
    assert made[0] not in keys


def test_keys_are_forgotten_with_the_viewers_of_an_emptied_house():
    keys = Keys()
    keys.add([b"k"])
    keys.heed([Change(1, ChangeKind.VIEWER_CHANGED, 5, 0), Change(2, ChangeKind.POST_STOPPED, 5, 0)])
    assert b"k" in keys
    keys.heed([Change(3, ChangeKind.VIEWER_CHANGED, 5, 0, {"erased": True})])
    assert b"k" not in keys
    assert len(keys) == 0


# Doubts


def doubt_of(acceptor, item=None, sender=HOST):
    event = one(acceptor, item or sent(), sender)[1]
    return event.doubt


@pytest.mark.parametrize("sign", SIGNS)
def test_an_agent_that_says_it_is_a_program_is_doubted_however_it_is_written(acceptor, sign):
    assert doubt_of(acceptor, sender=Sender(ANA, f"Mozilla/5.0 (compatible; {sign.upper()}x)")) == "declared_bot"


@pytest.mark.parametrize(
    "agent",
    [
        BROWSER,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148",
        "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
        "okhttp/4.12.0",
        "Dalvik/2.1.0 (Linux; U; Android 14; CUBOT)",
        "",
    ],
)
def test_the_agents_of_people_are_not_doubted(acceptor, agent):
    assert doubt_of(acceptor, sender=Sender(ANA, agent)) == ""


@pytest.mark.parametrize("sign", HEADLESS)
def test_a_browser_without_a_person_is_doubted_in_a_live_house_alone(acceptor, keys, sign):
    sender = Sender(ANA, BROWSER.replace("Chrome/", f"{sign}/"))
    assert doubt_of(acceptor, sender=sender) == ""
    live = Acceptor(TOKENS, keys, lists(is_live=True))
    assert doubt_of(live, sender=sender) == "declared_bot"
    assert doubt_of(live, sender=Sender(ANA, BROWSER)) == ""


def test_the_rule_and_the_version_of_its_list_are_kept(acceptor):
    assert one(acceptor, sent(), Sender(ANA, "curl/8.0"))[1].doubt_rule == "agents/1: curl/"


def test_what_is_fetched_ahead_hidden_or_listed_is_doubted(keys, acceptor):
    assert doubt_of(acceptor, sender=Sender(ANA, is_ahead=True)) == "prefetch"
    assert doubt_of(acceptor, sent(hidden=True)) == "hidden"
    assert doubt_of(acceptor, sent(hidden=False)) == ""
    careful = Acceptor(TOKENS, keys, lists(listed=parse_list("# centres\n203.0.113.0/24\n\n2001:db8::/32 # six\n")))
    for address, doubt in (
        ("203.0.113.255", "listed_address"),
        ("::ffff:203.0.113.1", "listed_address"),
        ("2001:db8:1::5", "listed_address"),
        ("203.0.114.1", ""),
        ("::1", ""),
        ("nowhere", ""),
    ):
        assert doubt_of(careful, sender=Sender(ANA, BROWSER, address)) == doubt


def test_the_own_people_of_a_creator_or_advertiser_are_doubted(acceptor):
    for owned in (CLAIMS.creator_id, CLAIMS.ad.advertiser_id):
        own = msgspec.structs.replace(ANA, owns=(1, owned))
        assert doubt_of(acceptor, sender=Sender(own)) == "own"
        made = acceptor.accept([sent(viewer_id=str(ANA.viewer_id))], HOST, {str(ANA.viewer_id): own}, MOMENT)
        assert made.events[0].doubt == "own"
    visit = sent(type_="profile_visit", token=None, creator_id=str(CLAIMS.creator_id))
    assert doubt_of(acceptor, visit, Sender(msgspec.structs.replace(ANA, owns=(CLAIMS.creator_id,)))) == "own"
    assert doubt_of(acceptor, visit, Sender(msgspec.structs.replace(ANA, owns=(7,)))) == ""
    like = sent(type_="like", token=None, post_id="5")
    for owns in ((), (7,)):
        said = one(acceptor, like, Sender(msgspec.structs.replace(ANA, owns=owns)))[1]
        assert (said.doubt, said.owns) == ("", owns), "whose the post is, whoever settles knows"


def test_behind_a_host_device_and_address_are_those_it_states_of_each_event(acceptor):
    host = Sender(None, BROWSER, "198.51.100.7")
    made = acceptor.accept(
        [sent("a"), sent("b", "like", agent="curl/8"), sent("c", "share", address="192.0.2.9"), sent("d", "save")],
        host,
        {},
        MOMENT,
    )
    assert [event.doubt for event in made.events] == ["", "declared_bot", "", ""]
    first, second, third, last = (event.block for event in made.events)
    assert first == second == last != third
    assert "" not in {first, third}


def test_a_network_has_one_name_a_day_and_another_tomorrow_or_elsewhere():
    blocks, others = Blocks(bytes(32)), Blocks(b"k" * 32)
    assert blocks.name_of("203.0.113.1", 5) == blocks.name_of("203.0.113.254", 5)
    assert blocks.name_of("2001:db8:1::1", 5) == blocks.name_of("2001:db8:1:ffff::1", 5)
    named = {
        blocks.name_of("203.0.113.1", 5),
        blocks.name_of("203.0.113.1", 6),
        blocks.name_of("203.0.112.1", 5),
        blocks.name_of("2001:db8:2::1", 5),
        others.name_of("203.0.113.1", 5),
    }
    assert len(named) == 5
    assert blocks.name_of("::ffff:203.0.113.1", 5) == blocks.name_of("203.0.113.1", 5)
    assert blocks.name_of("not an address", 5) == ""


@pytest.mark.parametrize("text", ["nowhere", "10.0.0.0/33", "10.0.0.0/8\nx"])
def test_a_list_that_cannot_be_read_says_where(text):
    with pytest.raises(ListError, match="line"):
        parse_list(text)


# All together


def test_every_fault_of_a_token_has_its_words():
    assert set(errors.FAULTS) == set(TokenFault)
    assert all(reason.code == fault.value for fault, reason in errors.FAULTS.items())


ITEMS = st.builds(
    Sent,
    event_id=st.sampled_from(["a", "b", "c"]),
    type=st.sampled_from([*sorted(TYPES), "nothing"]),
    at_ms=st.integers(),
    token=st.sampled_from([TOKEN, TOKENS.seal(ORGANIC), "x", None]),
    viewer_id=st.sampled_from([None, *VIEWERS]),
    watch_ms=st.one_of(st.none(), st.integers()),
    post_id=st.sampled_from([None, "5", str(CLAIMS.post_id)]),
    creator_id=st.sampled_from([None, "6", str(CLAIMS.creator_id)]),
    hidden=st.sampled_from([None, True, False]),
    agent=st.sampled_from([None, "curl/8", BROWSER]),
    address=st.sampled_from([None, "203.0.113.5"]),
)


@given(st.lists(ITEMS, max_size=12), st.sampled_from([HOST, Sender(ANA), Sender(BEN, "bot/1", "::1")]))
def test_whatever_is_sent_each_event_has_one_result_and_what_is_taken_is_as_it_must_be(items, sender):
    acceptor = Acceptor(TOKENS, Keys(), lists())
    whole = acceptor.accept(items, sender, VIEWERS, MOMENT)
    assert [result.event_id for result in whole.results] == [item.event_id for item in items]
    assert len(whole.events) == sum(result.status == ACCEPTED for result in whole.results)
    assert all(bool(result.code) == (result.status == REJECTED) for result in whole.results)
    for event in whole.events:
        assert event.key == key_of(event.type, event.event_id, event.person, event.claims)
        assert event.person or event.claims
        assert event.post_id or event.creator_id or event.claims
        assert -1 <= event.watch_ms <= WATCH_MS_MOST
        assert abs(event.at_ms - event.received_at_ms) <= EVENT_CLOCK_MS
    clean = [event.key for event in whole.events if not event.doubt]
    assert len(clean) == len(set(clean)), "nothing counts twice by what one batch says"
    parts: Accepted | None = None
    for item in items:
        parts = acceptor.accept([item], sender, VIEWERS, MOMENT, into=parts)
    if parts is not None:
        assert (parts.results, parts.events) == (whole.results, whole.events), "a batch is the same in any slices"
