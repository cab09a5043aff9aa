"""The sample set: a few creators, posts, brands and viewers, so that a newcomer's pages are not empty.

Made through the actions, as people would. What was made is written down by name in ``sample.json`` after each step, so
that a second build, or one after a crash, goes on where the first stopped and makes nothing twice.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attise.kernel.actor import COMMAND
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.accounts import actions as accounts
from attise.management.accounts import queries as accounts_queries
from attise.management.authorizations import actions as authorizations
from attise.management.authorizations import queries as authorizations_queries
from attise.management.billing import actions as billing
from attise.management.outbox.actions import unit, verb
from attise.management.posts import actions as posts
from attise.management.posts import queries as posts_queries
from attise.management.posts.actions import PostDraft
from attise.management.posts.media.clips import STYLES, make_clip
from attise.management.viewers import actions as viewers
from attise.management.viewers import queries as viewers_queries
from attise.records.lookups import interests
from attise.records.terms import Terms

Tell = Callable[[int, int, str], None]
"""Called before each step with its number, how many there are, and what it does."""

SECONDS = (6.0, 8.0, 7.0, 9.0)
PEOPLE = {"lea.peau": ("Léa", "lea@example.org"), "noe.teste": ("Noé", "noe@example.org")}
"""The creators beside the first person's own, by handle: what they are called, and the e-mail of their login."""
WATCHER, WATCHERS_AGE = "noe.teste", 29
"""Of these the one who is shown the first person's ads, those that are for grown-up people too."""
VIEWERS = 20
BRAND = "Maison Aubrée"
UNWILLING = 4
"""One viewer in so many has not consented to profiling."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A post to publish: whose, of which clip, and what is particular to it."""

    name: str
    handle: str
    clip: int
    caption: str
    tags: tuple[str, ...]
    category: str
    fields: dict[str, Any]


SKETCHES = (
    Sketch("morning", "lea.peau", 0, "Je l’ai testé un mois, sans filtre. Vous voulez la routine complète ? Dites-le !",
           ("soin", "routine"), "beauty_care", {"sound": "son original · lea.peau"}),
    Sketch("lips", "lea.peau", 1, "Le baume qui a survécu à 24 h de train. Le vôtre tient combien de temps ?",
           ("baume", "test"), "beauty_care", {}),
    Sketch("bag", "noe.teste", 2, "Dans mon sac de rando : trois choses que j’emporte toujours", ("rando", "sac"),
           "sport", {"sound": "guitare du soir"}),
    Sketch("kitchen", "noe.teste", 3, "Une poêle, cinq minutes, zéro vaisselle. Tu mettrais quoi dedans ?",
           ("cuisine",), "food_drink", {}),
    Sketch("studio", "", 2, "Derrière la vitrine : comment on prépare une commande", ("coulisses",), "", {}),
    Sketch("story", "", 1, "Aujourd’hui à l’atelier", (), "", {"format": "story"}),
    Sketch("draft", "", 3, "Notre prochaine couleur, pas encore annoncée", (), "", {"visibility": "private"}),
    Sketch("ads", "", 0, "Livraison offerte cette semaine", ("offre",), "", {"ads_only": True}),
)  # fmt: skip
"""Eight posts; an empty handle is the first person's own creator."""


def build(means: Means, house: House, *, creator_id: int, advertiser_id: int, center_id: int, tell: Tell) -> None:
    """Make what is not there yet of the sample set, around the first person's creator, advertiser and Business Center.

    Cost: a dozen seconds the first time, mostly for clips.
    """
    book = _Book(house.folder / "sample.json")
    builder = _Builder(means, house, book, creator_id, advertiser_id, center_id)
    steps: list[tuple[str, Callable[[], None]]] = [
        ("creators and a brand", builder.people),
        *((f"video {number + 1} of {len(SKETCHES)}", builder.post(sketch)) for number, sketch in enumerate(SKETCHES)),
        ("authorizations", builder.grants),
        (f"{VIEWERS} viewers", builder.viewers),
    ]
    with tempfile.TemporaryDirectory(dir=house.uploads) as work:
        builder.work = Path(work)
        for number, (what, step) in enumerate(steps):
            tell(number, len(steps), what)
            step()
    tell(len(steps), len(steps), "done")


@verb
def _open_account(means: Means, creator_id: int, name: str, email: str) -> int:
    """Make a person with their viewer who signs in as a creator, all of it or nothing; returns their id."""
    with unit(means):
        person = accounts.create_person(means, email=email, display_name=name)
        viewers.viewer_of_person(means, person_id=person.id)
        accounts.entrust_creator(means, COMMAND, creator_id=creator_id, person_id=person.id)
        return person.id


class _Book:
    """What was made, by name: written whole after each thing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def once(self, name: str, make: Callable[[], int]) -> int:
        """Return the id of what was made under a name, making it the first time."""
        if name not in self._made:
            self._made[name] = make()
            draft = self._path.with_suffix(".new")
            with draft.open("w") as file:
                json.dump(self._made, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        return self._made[name]


class _Builder:
    """Makes the set, one step at a time."""

    def __init__(
        self, means: Means, house: House, book: _Book, creator_id: int, advertiser_id: int, center_id: int
    ) -> None:
        self.means = means
        self.house = house
        self.book = book
        self.creators = {"": creator_id}
        self.center_id = center_id
        self.advertiser_id = advertiser_id
        self.posts: dict[str, int] = {}
        self.work = house.uploads

    def people(self) -> None:
        """Make two creators beside the first person's, who sign in too, and a second advertiser in the same center."""
        for handle, (name, email) in PEOPLE.items():
            self.creators[handle] = self.book.once(f"creator/{handle}", lambda h=handle, n=name: self._creator(h, n))
            self.book.once(f"person/{handle}", lambda h=handle, n=name, e=email: self._person(h, n, e))
        for handle, creator_id in self.creators.items():
            self.book.once(f"place/{handle}", lambda c=creator_id: self._place(c))
        self.book.once(f"age/{WATCHER}", lambda: self._age(self.creators[WATCHER]))
        self.book.once("advertiser", self._brand)

    def _creator(self, handle: str, name: str) -> int:
        found = accounts_queries.find_creator_by_handle(handle)
        if found is not None:
            return found.id
        made = accounts.create_creator(
            self.means, COMMAND, handle=handle, display_name=name, country="FR", language="fr"
        )
        return made.id

    def _person(self, handle: str, name: str, email: str) -> int:
        """Give a creator somebody who signs in as them; an address that somebody took meanwhile stays theirs."""
        creator = accounts_queries.get_creator(self.creators[handle])
        if creator.person_id is not None or not creator.is_active:
            return creator.person_id or 0
        found = accounts_queries.find_person_by_email(email)
        return found.id if found is not None else _open_account(self.means, creator.id, name, email)

    def _place(self, creator_id: int) -> int:
        """Say of whoever signs in as a creator that they watch in France, where the ads of an example world are for."""
        person_id = accounts_queries.get_creator(creator_id).person_id
        if person_id is None:
            return 0
        viewer = viewers.viewer_of_person(self.means, person_id=person_id)
        if not viewer.country:
            viewers.update_viewer(self.means, viewer_id=viewer.id, country="FR")
        return viewer.id

    def _age(self, creator_id: int) -> int:
        """Say how old whoever signs in as a creator is, where they do not say it: most ads are for certain ages."""
        person_id = accounts_queries.get_creator(creator_id).person_id
        if person_id is None:
            return 0
        viewer = viewers.viewer_of_person(self.means, person_id=person_id)
        if viewer.birth_date is None:
            viewers.update_viewer(self.means, viewer_id=viewer.id, age=WATCHERS_AGE)
        return viewer.id

    def _brand(self) -> int:
        for advertiser in accounts_queries.list_advertisers_of_business_center(self.center_id):
            if advertiser.name == BRAND:
                return advertiser.id
        made = accounts.create_advertiser(
            self.means,
            COMMAND,
            business_center_id=self.center_id,
            name=BRAND,
            company="Maison Aubrée SAS",
            payer_name="Maison Aubrée SAS",
            currency="EUR",
            timezone="Europe/Paris",
            country="FR",
            language="fr",
            category="beauty_care",
        )
        billing.give_test_credit(self.means, self.house.mode, advertiser_id=made.id)
        return made.id

    def post(self, sketch: Sketch) -> Callable[[], None]:
        """Return the step that publishes one post."""

        def publish() -> None:
            self.posts[sketch.name] = self.book.once(f"post/{sketch.name}", lambda: self._publish(sketch))

        return publish

    def _publish(self, sketch: Sketch) -> int:
        creator_id = self.creators[sketch.handle]
        # After a crash between publishing and writing it down, the post is found by its words.
        for post in posts_queries.list_posts_of_creator(creator_id, limit=100).items:
            if post.caption == sketch.caption:
                return post.id
        file = self.work / f"clip-{sketch.clip}.mp4"
        if not file.exists():
            make_clip(file, seconds=SECONDS[sketch.clip], seed=sketch.clip, style=STYLES[sketch.clip])
        draft = PostDraft(caption=sketch.caption, tags=sketch.tags, category=sketch.category, **sketch.fields)
        return posts.publish_post(
            self.means, COMMAND, house=self.house, creator_id=creator_id, draft=draft, upload=file
        ).id

    def grants(self) -> None:
        """Leave one code issued, whose words nobody keeps, and one applied by the first person's advertiser."""
        self.book.once("grant/issued", lambda: self._live_grant("bag") or self._grant("bag", Terms())[0])
        self.book.once("grant/bound", lambda: self._live_grant("morning") or self._bound())

    def _live_grant(self, name: str) -> int | None:
        """Return the grant that a crash kept from being written down."""
        found = authorizations_queries.list_authorizations(self.means, post_id=self.posts[name]).items
        return next((view.id for view in found if view.state.is_live), None)

    def _grant(self, name: str, terms: Terms) -> tuple[int, str]:
        post = posts_queries.get_post(self.posts[name])
        view, code = authorizations.grant_post(
            self.means, COMMAND, creator_id=post.creator_id, post_id=post.id, days=30, terms=terms
        )
        return view.id, code

    def _bound(self) -> int:
        authorization_id, code = self._grant("morning", Terms(share_ppm=100_000, countries=("FR", "BE")))
        authorizations.redeem(self.means, COMMAND, advertiser_id=self.advertiser_id, code=code)
        return authorization_id

    def viewers(self) -> None:
        """Declare viewers of all sorts; one in four has not consented to profiling."""
        slugs = [row.slug for row in interests.all()]
        for number in range(VIEWERS):
            self.book.once(f"viewer/{number}", lambda n=number: self._viewer(n, slugs))

    def _viewer(self, number: int, slugs: list[str]) -> int:
        name = f"sample-{number}"
        found = viewers_queries.find_viewer_by_external_id(name)
        if found is not None:
            return found.id
        made = viewers.create_viewer(
            self.means,
            external_id=name,
            age=16 + number * 2,
            gender=("female", "male", "")[number % 3],
            country=("FR", "FR", "BE", "CH")[number % 4],
            language="fr",
            os=("android", "ios")[number % 2],
            interests=[slugs[(number * 7) % len(slugs)], slugs[(number * 11 + 3) % len(slugs)]],
            profiling_consent=number % UNWILLING != 0,
        )
        return made.id
