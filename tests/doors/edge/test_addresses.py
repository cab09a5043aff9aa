from __future__ import annotations

import pytest

from attise.doors.edge.addresses import Shape, body_limit, canonical, is_inside, shape_of, takes_files
from attise.kernel.limits import BODY_BYTES, UPLOAD_BYTES


@pytest.mark.parametrize(
    "path",
    [
        "/v1/posts",
        "/v1/posts/",
        "/v1//posts",
        "/v1/bulk/posts",
        "//open_api//v1.3/file/video/ad/upload/",
        "/creation/publier",
        "/ads/creer/1234567890123456789/importer",
        "/ads/envois/1234567890123456789",
    ],
)
def test_addresses_that_take_files_take_large_bodies(path):
    assert takes_files(canonical(path))
    assert body_limit(canonical(path)) > UPLOAD_BYTES


@pytest.mark.parametrize(
    "path",
    [
        "/v1/posts/1/comments",
        "/v1/postsx",
        "/v1/bulk/",
        "/open_api/v1.3/campaign/create/",
        "/open_api/v1.3/files",
        "/creation/publiera",
        "/",
        "/x/v1/posts",
    ],
)
def test_every_other_address_takes_one_mebibyte(path):
    assert body_limit(canonical(path)) == BODY_BYTES


def test_each_door_has_its_shape_whatever_its_slashes():
    assert shape_of(canonical("//open_api//v1.3/x")) is Shape.DIALECT
    assert shape_of(canonical("/v1/feed")) is Shape.NATIVE
    assert shape_of(canonical("/sandbox/v1/clock")) is Shape.NATIVE
    assert shape_of(canonical("/v1")) is Shape.PAGE
    assert shape_of(canonical("/creation/")) is Shape.PAGE


def test_addresses_for_the_house_itself_are_closed_however_they_are_spelled():
    assert is_inside(canonical("//internal//healthz"))
    assert is_inside(canonical("/internal"))
    assert not is_inside(canonical("/internals"))
