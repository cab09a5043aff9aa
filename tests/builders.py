"""People and things that stories begin with, written as rows where the story is not about how they came to be."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.accounts.models import Advertiser, BusinessCenter, Creator, Person
from attise.management.posts.models import Media, Post


def a_person(means: Means, email: str = "ines@example.org", **fields) -> Person:
    return Person.objects.create(
        id=means.ids.next(), email=email, display_name="Inès", created_at_ms=means.clock.world_ms(), **fields
    )


def a_creator(means: Means, handle: str = "lea.peau", **fields) -> Creator:
    values = {"display_name": handle.title(), "country": "FR", "language": "fr", **fields}
    return Creator.objects.create(id=means.ids.next(), handle=handle, created_at_ms=means.clock.world_ms(), **values)


def a_business_center(means: Means, name: str = "Maison Aubrée") -> BusinessCenter:
    return BusinessCenter.objects.create(
        id=means.ids.next(),
        name=name,
        company=name,
        country="FR",
        currency="EUR",
        timezone="Europe/Paris",
        created_at_ms=means.clock.world_ms(),
    )


def an_advertiser(means: Means, name: str = "Maison Aubrée", center: BusinessCenter | None = None) -> Advertiser:
    now = means.clock.world_ms()
    return Advertiser.objects.create(
        id=means.ids.next(),
        business_center=center or a_business_center(means, name),
        name=name,
        company=name,
        payer_name=name,
        currency="EUR",
        timezone="Europe/Paris",
        country="FR",
        language="fr",
        category="",
        created_at_ms=now,
        modified_at_ms=now,
    )


def a_post(means: Means, creator: Creator, **fields) -> Post:
    """A live public video whose file is described but not on disk."""
    now = means.clock.world_ms()
    media = Media.objects.create(
        id=means.ids.next(),
        key=means.chance.token(13).hex(),
        kind="video",
        signature_md5="0" * 32,
        file_name="video.mp4",
        has_cover=True,
        size_bytes=1000,
        duration_ms=12_000,
        width=360,
        height=640,
        video_codec="h264",
        created_at_ms=now,
    )
    values = {
        "caption": "Je l’ai testé un mois, sans filtre.",
        "format": "video",
        "visibility": "public",
        "state": "live",
    }
    return Post.objects.create(
        **{
            "id": means.ids.next(),
            "creator": creator,
            "media": media,
            "published_at_ms": now,
            "created_at_ms": now,
            "modified_at_ms": now,
            **values,
            **fields,
        }
    )
