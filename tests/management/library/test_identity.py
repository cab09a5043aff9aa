"""An advertiser's identities that are only a name and a picture."""

from __future__ import annotations

import uuid

import pytest

from attise.kernel.errors import Refusal, Refusals
from attise.management.library import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def create(means, host, advertiser):
    def create(name="Maison Aubrée", *, advertiser_id=advertiser, image_id=None):
        return actions.create_identity(means, host, advertiser_id=advertiser_id, display_name=name, image_id=image_id)

    return create


def test_an_identity_has_a_name_and_a_square_picture(create, upload_image, advertiser):
    image = upload_image()
    identity = create(" Maison Aubrée ", image_id=image.image_id)
    assert (identity.display_name, identity.image) == ("Maison Aubrée", image)
    assert uuid.UUID(identity.identity_id).version == 4
    assert queries.get_identity(advertiser, identity.identity_id) == identity
    assert create().image is None


def test_a_name_or_picture_that_cannot_serve_is_refused(create, upload_image, rival, tmp_path):
    import av

    wide = tmp_path / "wide.png"
    with av.open(str(wide), "w", format="image2") as target:
        stream = target.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 128, 64, "rgb24"
        target.mux(stream.encode(av.VideoFrame(128, 64, "rgb24")))
        target.mux(stream.encode())
    theirs = upload_image(advertiser_id=rival)
    for name, image_id, found in (
        ("", None, {"display_name": "field_required"}),
        ("x" * 101, None, {"display_name": "text_too_long"}),
        ("a\u202eb", None, {"display_name": "text_characters"}),
        ("ok", "i1", {"image_id": "not_found"}),
        ("ok", theirs.image_id, {"image_id": "not_found"}),
        ("ok", upload_image(wide).image_id, {"image_id": "identity_image_not_square"}),
        ("", "i1", {"display_name": "field_required", "image_id": "not_found"}),
    ):
        with pytest.raises((Refusal, Refusals)) as refused:
            create(name, image_id=image_id)
        items = refused.value.items if isinstance(refused.value, Refusals) else [refused.value]
        assert {item.field: item.code for item in items} == found


def test_an_advertiser_that_is_not_there_has_no_identity(create):
    with pytest.raises(Refusal) as refused:
        create(advertiser_id=5)
    assert refused.value.code == "not_found"


def test_a_deleted_identity_is_gone_once(means, host, create, advertiser, rival):
    identity = create()
    for owner, identity_id in ((rival, identity.identity_id), (advertiser, "nobody")):
        with pytest.raises(Refusal):
            actions.delete_identity(means, host, advertiser_id=owner, identity_id=identity_id)
    actions.delete_identity(means, host, advertiser_id=advertiser, identity_id=identity.identity_id)
    assert queries.find_identity(advertiser, identity.identity_id) is None
    with pytest.raises(Refusal) as refused:
        actions.delete_identity(means, host, advertiser_id=advertiser, identity_id=identity.identity_id)
    assert (refused.value.code, refused.value.field) == ("not_found", "identity_id")


def test_identities_are_listed_and_found_by_name(create, upload_image, advertiser, rival, django_assert_num_queries):
    image = upload_image()
    for name in ("Maison Aubrée", "Boulangerie", "Maison Blanche"):
        create(name, image_id=image.image_id)
    create("Maison rivale", advertiser_id=rival)
    with django_assert_num_queries(2):
        page = queries.list_identities(advertiser, keyword="maison", page_size=1)
    assert ([one.display_name for one in page.items], page.total) == (["Maison Blanche"], 2)
    assert queries.list_identities(advertiser).total == 3
