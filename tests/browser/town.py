"""The people of these stories: a creator with posts whose files play, a brand with its members, an operator."""

from __future__ import annotations

import shutil
import tempfile
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore

from attise.doors.consoles.access.session import BACKEND
from attise.kernel.actor import COMMAND, Actor
from attise.kernel.chance import SeededChance
from attise.kernel.clock import FakeClock
from attise.kernel.ids import ClockIds
from attise.kernel.means import Means
from attise.management.accounts import actions as accounts
from attise.management.accounts.models import Creator
from attise.management.accounts.rules import NAMED
from attise.management.accounts.views import AdvertiserView, BusinessCenterView, CreatorView, PersonView
from attise.management.authorizations import actions as authorizations
from attise.management.authorizations.views import AuthorizationView
from attise.management.posts.actions import add_comment
from attise.management.posts.actions.intake import record_media, take_pictures, take_video
from attise.management.posts.media.clips import make_clip
from attise.management.posts.models import Post
from attise.management.posts.views import CommentView
from attise.management.viewers import actions as viewers
from attise.measurement.reports.folder import folder_of
from attise.measurement.reports.rollups.manifest import rollups_folder
from attise.records.terms import Terms
from tests.builders import a_post
from tests.drawing import a_picture

PASSWORD = "correct horse battery"


@cache
def a_clip() -> Path:
    """Return a small video, drawn once."""
    path = Path(tempfile.mkdtemp(prefix="attise-clip-")) / "clip.mp4"
    make_clip(path, seconds=2, seed=1, style="dunes")
    return path


@cache
def _stored() -> Path:
    """Return the folder of a stored video with its cover, made once by the room that stores them."""
    clock = FakeClock()
    means = Means(clock, SeededChance("stored"), ClockIds(clock, 2), settings.HOUSE.secrets)
    taken = take_video(means, settings.HOUSE, a_clip())
    kept = settings.HOUSE.folder / "town-video"  # out of the way of tests that empty or sweep the media folder
    shutil.copytree(settings.HOUSE.media / taken.key[:2] / taken.key, kept, dirs_exist_ok=True)
    return kept


@dataclass
class Town:
    """Who lives there, and what they have."""

    means: Means
    clock: FakeClock
    has_files: bool = True
    """Whether the posts' files are on disk, for a browser that plays them."""
    lea: PersonView = field(init=False)
    creator: CreatorView = field(init=False)
    center: BusinessCenterView = field(init=False)
    advertiser: AdvertiserView = field(init=False)
    ines: PersonView = field(init=False)
    olga: PersonView = field(init=False)

    def __post_init__(self) -> None:
        self.lea = self.a_person("lea@example.org", "Léa Peau")
        self.creator = accounts.create_creator(
            self.means, COMMAND, handle="lea.peau", display_name="Léa Peau", country="FR", person_id=self.lea.id
        )
        self.center = accounts.create_business_center(
            self.means,
            COMMAND,
            name="Maison Aubrée",
            company="Maison Aubrée SAS",
            country="FR",
            currency="EUR",
            timezone="Europe/Paris",
        )
        self.advertiser = self.an_advertiser("Maison Aubrée")
        self.ines = self.a_member("ines@example.org", "Inès Roy", "admin")
        self.olga = self.a_person("olga@example.org", "Olga Petit", is_operator=True)

    def later(self, means: Means, clock: FakeClock) -> Town:
        """Return the same town for one of the tests that begin with it, at the time when it was ready."""
        clock.advance(seconds=(self.clock.wire_ms() - clock.wire_ms()) / 1000)
        here = copy(self)
        here.means, here.clock = means, clock
        return here

    def a_person(self, email: str, name: str, **facts: Any) -> PersonView:
        person = accounts.create_person(self.means, email=email, display_name=name, **facts)
        return accounts.set_password(self.means, COMMAND, person_id=person.id, password=PASSWORD)

    def a_member(self, email: str, name: str, role: str) -> PersonView:
        person = self.a_person(email, name)
        roles = NAMED[role]
        accounts.add_member(
            self.means,
            COMMAND,
            business_center_id=self.center.id,
            person_id=person.id,
            role=roles.role,
            advertiser_role=roles.advertiser_role,
            finance_role=roles.finance_role,
        )
        return person

    def an_advertiser(self, name: str, center: BusinessCenterView | None = None) -> AdvertiserView:
        return accounts.create_advertiser(
            self.means,
            COMMAND,
            business_center_id=(center or self.center).id,
            name=name,
            currency="EUR",
            timezone="Europe/Paris",
            company=name,
            country="FR",
        )

    def a_rival(self) -> AdvertiserView:
        center = accounts.create_business_center(
            self.means, COMMAND, name="Rival", company="Rival", country="FR", currency="EUR", timezone="Europe/Paris"
        )
        return self.an_advertiser("Rival", center)

    def a_post(
        self, caption: str = "Sérum C, un mois après, sans filtre", *, of: Creator | None = None, **fields: Any
    ) -> Post:
        """A post of the creator, or of somebody else."""
        post = a_post(self.means, of or self._row(), caption=caption, **fields)
        if not self.has_files:
            return post
        key = post.media.key
        shutil.copytree(_stored(), settings.HOUSE.media / key[:2] / key, copy_function=_link, dirs_exist_ok=True)
        post.media.file_name = "video.mp4"
        post.media.save()
        return post

    def an_album(self, caption: str = "Trois photos du marché", count: int = 3, **fields: Any) -> Post:
        """A photo carousel of the creator, whose pictures are on disk."""
        post = a_post(self.means, self._row(), caption=caption, format="carousel", **fields)
        with tempfile.TemporaryDirectory() as folder:
            pictures = [
                a_picture(Path(folder) / f"{number}.png", light=60 + 40 * number, width=90, height=160)
                for number in range(count)
            ]
            post.media = record_media(self.means, take_pictures(self.means, settings.HOUSE, pictures))
        post.save()
        return post

    def a_comment(self, post: Post, text: str, *, viewer_id: int | None = None) -> CommentView:
        """Have somebody say something under a post: a viewer, or whoever comes by."""
        viewer_id = viewers.create_viewer(self.means).id if viewer_id is None else viewer_id
        id_ = self.means.ids.next()
        said = {"comment_id": id_, "post_id": post.id, "viewer_id": viewer_id, "follows": (), "event": b""}
        return add_comment(self.means, text=text, **said)

    def _row(self) -> Creator:
        return Creator.objects.get(id=self.creator.id)

    def a_grant(self, post: Post, *, days: int = 30, terms: Terms | None = None) -> tuple[AuthorizationView, str]:
        return authorizations.grant_post(
            self.means,
            Actor("person", self.lea.id),
            creator_id=self.creator.id,
            post_id=post.id,
            days=days,
            terms=terms,
        )

    def a_code(self, post: Post | None = None, *, days: int = 30) -> str:
        return self.a_grant(post or self.a_post(), days=days)[1]

    def applied(self, code: str, advertiser: AdvertiserView | None = None) -> None:
        authorizations.redeem(self.means, COMMAND, advertiser_id=(advertiser or self.advertiser).id, code=code)

    def revoke(self, grant: AuthorizationView) -> None:
        authorizations.revoke(
            self.means,
            Actor("person", self.lea.id),
            creator_id=self.creator.id,
            authorization_id=grant.id,
            when="now",
        )

    def link(self, person: PersonView, console: str) -> str:
        """Return the path of a link that signs a person in."""
        return f"/connexion/lien/{accounts.sign_in_link(self.means, console=console, person_id=person.id)}"


def forget_files() -> None:
    """Empty the folders of files: seeded chance gives the same keys in every test, and no two files have one.

    So are facts and what was added up of them, whose ids come again too.
    """
    for child in settings.HOUSE.media.iterdir():
        shutil.rmtree(child)
    for path in settings.HOUSE.uploads.iterdir():
        path.unlink()
    for folder in (folder_of(settings.HOUSE), rollups_folder(settings.HOUSE)):
        shutil.rmtree(folder, ignore_errors=True)


def _link(source: str, target: str) -> None:
    """Copy a file without its bytes; seeded chance gives the same keys in every test."""
    if not Path(target).exists():
        Path(target).hardlink_to(source)


def session_of(person_id: int) -> str:
    """Return the key of a session in which a person is signed in, as the sign-in page would open it."""
    person = ModelBackend().get_user(person_id)
    session = SessionStore()
    session[SESSION_KEY] = str(person_id)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key
