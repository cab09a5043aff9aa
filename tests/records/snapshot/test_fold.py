"""What holds of a snapshot, deltas and stops does not depend on the order in which they come."""

from hypothesis import given
from hypothesis import strategies as st

from attise.records.change import Change, ChangeKind
from attise.records.snapshot.deltas import DeltaKind, SnapshotDelta
from attise.records.snapshot.fold import AD_STANDS_ON, Fold
from attise.records.snapshot.shapes import decode_ad, decode_post, encoder
from tests.snapshot_records import a_creative_record, a_grant_record, a_post_record, a_standard_ad_record, an_ad_record


def told(ad, version, number=1):
    return SnapshotDelta(number, version, DeltaKind.AD, ad.ad_id, encoder.encode(ad))


def gone(ad_id, version, number=1):
    return SnapshotDelta(number, version, DeltaKind.AD_GONE, ad_id)


def stop(kind, object_id, version):
    return Change(version, kind, object_id, 0)


def test_a_delta_brings_an_ad_and_another_takes_it():
    fold = Fold(10)
    fold.apply(told(an_ad_record(), 11))
    assert list(fold.ads()) == [40]
    fold.apply(gone(40, 12))
    assert fold.ads() == {}


def test_a_delta_of_before_the_snapshot_brings_nothing():
    """It was rendered while the snapshot was being written; what is not in the snapshot was gone by then."""
    fold = Fold(10, [an_ad_record(40, creative=a_creative_record(40, creative_version=7))])
    fold.apply(told(an_ad_record(40), 9))
    fold.apply(told(an_ad_record(41), 9))
    assert {key: ad.creative.creative_version for key, ad in fold.ads().items()} == {40: 7}


def test_every_kind_of_stop_ends_the_ads_that_stand_on_its_object():
    ad = an_ad_record()
    for kind, object_of in AD_STANDS_ON.items():
        fold = Fold(10, [ad, a_standard_ad_record()])
        fold.stop(stop(kind, object_of(ad), 11))
        assert ad.ad_id not in fold.ads(), kind
        fold = Fold(10, [ad])
        fold.stop(stop(kind, 999, 11))
        assert ad.ad_id in fold.ads(), kind


def test_a_stop_holds_against_what_was_read_before_it_and_against_nothing_later():
    fold = Fold(10, [an_ad_record()])
    fold.stop(stop(ChangeKind.CAMPAIGN_STOPPED, 20, 13))
    fold.apply(told(an_ad_record(), 12))  # rendered before the stop, arrived after it
    assert fold.ads() == {}
    fold.apply(told(an_ad_record(), 14))
    assert list(fold.ads()) == [40]


def test_a_stopped_grant_leaves_the_ads_that_stand_on_another():
    other = an_ad_record(grant=a_grant_record(99))
    fold = Fold(10, [an_ad_record()])
    fold.stop(stop(ChangeKind.GRANT_STOPPED, 70, 11))
    fold.apply(told(other, 11))
    assert fold.ads() == {40: other}


def test_a_stopped_post_leaves_the_feed_too():
    fold = Fold(10, [], [a_post_record()])
    fold.stop(stop(ChangeKind.POST_STOPPED, 50, 11))
    assert fold.posts() == {}
    fold.apply(SnapshotDelta(1, 12, DeltaKind.POST, 50, encoder.encode(a_post_record(visibility="followers"))))
    assert fold.posts()[50].visibility == "followers"
    fold.apply(SnapshotDelta(2, 13, DeltaKind.POST_GONE, 50))
    assert fold.posts() == {}


steps = st.lists(
    st.tuples(
        st.sampled_from(["ad", "gone", ChangeKind.AD_STOPPED, ChangeKind.CREATOR_STOPPED]),
        st.sampled_from([40, 41]),
        st.integers(11, 30),
    ),
    max_size=12,
    unique_by=lambda step: step[2],
)


@given(steps=steps, order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(steps, order):
    def fold_of(several):
        fold = Fold(10, [an_ad_record(40)])
        for what, ad_id, version in several:
            if what == "ad":
                creative = a_creative_record(ad_id, creative_version=version)
                fold.apply(told(an_ad_record(ad_id, creative=creative), version))
            elif what == "gone":
                fold.apply(gone(ad_id, version))
            else:
                fold.stop(stop(what, 5 if what is ChangeKind.CREATOR_STOPPED else ad_id, version))
        return fold.ads()

    shuffled = list(steps)
    order.shuffle(shuffled)
    assert fold_of(shuffled) == fold_of(sorted(steps, key=lambda step: step[2]))


def test_bodies_decode_to_what_was_encoded():
    assert decode_ad(encoder.encode(an_ad_record())) == an_ad_record()
    assert decode_ad(encoder.encode(a_standard_ad_record())) == a_standard_ad_record()
    assert decode_post(encoder.encode(a_post_record(circle=3))) == a_post_record(circle=3)
