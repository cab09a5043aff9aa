"""Who is in a story, and what is declared of them: made through the verbs of management, as their own doors would.

What is declared is what people say; what is so is drawn beside it (``truth``) and stays with the story. A viewer names
interests that are mostly theirs, or none; a post's category is its topic's; its quality nobody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attise.kernel.actor import COMMAND
from attise.kernel.means import Means
from attise.management.accounts import actions as accounts
from attise.management.accounts import queries as accounts_queries
from attise.management.billing import actions as billing
from attise.management.outbox.actions import unit, verb
from attise.management.pixels import actions as pixels
from attise.management.posts import actions as posts
from attise.management.posts import queries as posts_queries
from attise.management.posts.actions import PostDraft
from attise.management.viewers import actions as viewers
from attise.management.viewers import queries as viewers_queries
from attise.simulator.drawing import (
    CATEGORIES,
    CREATORS_TALENT,
    MINORS,
    UNDECLARED,
    UNKNOWN_AGE,
    UNWILLING,
    Planned,
    Size,
    later_posts,
    named_interests,
    place_of,
    planned_posts,
)
from attise.simulator.stage import Stage
from attise.simulator.truth.people import People, draw_people
from attise.simulator.truth.tastes import Floats, draw_directions
from attise.simulator.truth.works import Works, draw_works
from attise.simulator.words import BRANDS, CRAFTS, FIRST_NAMES

FURTHER_DAYS: Final = 7.0
"""How far is planned at once what is published in a life that goes on."""
LEAST_MS: Final = 3_000
"""What has no length, as pictures have none, is looked at as if it had this one."""
CROWD: Final = "traffic"
"""What the ids of viewers begin with who were called into a house."""
AT_ONCE: Final = 200
"""Viewers who are declared in one transaction."""
Tell = Callable[[float, str], None]
"""Told how much is done of a step (0 to 1), and what it is."""


@dataclass(frozen=True, slots=True)
class Brand:
    """An advertiser of the story."""

    advertiser_id: int
    pixel_id: int
    name: str
    category: int


@dataclass(frozen=True, slots=True)
class Own:
    """Whose world it is: the first person's creator and advertiser live in it as the first of each."""

    creator_id: int = 0
    advertiser_id: int = 0
    """0, here and above: nobody's."""


@dataclass(slots=True)
class Cast:
    """Everybody, and everything that is shown, with what is so of them."""

    size: Size
    rng: Generator
    directions: Floats
    """Of the categories, among tastes."""
    of_creator: NDArray[np.int64]
    """The category of each creator."""
    talent: Floats
    """Of each creator."""
    people: People
    works: Works
    planned: list[Planned]
    """By time."""
    viewer_ids: list[int]
    creator_ids: list[int]
    brands: list[Brand]
    clips: list[Path | int]
    """Where each clip lies; a number once it was published, of its stored file."""
    seconds: list[float]
    """How long each of them is."""
    works_of: dict[int, int]
    """The work of every post that was published, and of every standard ad."""


def assemble(
    stage: Stage,
    size: Size,
    *,
    seed: int,
    clips: Sequence[tuple[Path, float]],
    drawn: Callable[[], None],
    own: Own,
    tell: Tell,
) -> Cast:
    """Draw a world and declare it: creators, viewers, brands, and the posts that are there when it begins.

    ``clips``: files to publish, each with its length in seconds; ``drawn`` returns when they are there, and is called
    once they are wanted. Cost: some 2 ms a viewer, 25 a post.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    directions = draw_directions(rng, len(CATEGORIES))
    people = draw_people(rng, size.viewers, directions, herding=size.herding, sessions_a_day=size.sessions_a_day)
    of_creator = rng.integers(0, len(CATEGORIES), size.creators)
    talent = (CREATORS_TALENT * rng.standard_normal(size.creators)).astype(np.float32)
    planned = planned_posts(rng, size, of_creator, len(clips), begin_ms=stage.clock.world_ms())
    works = draw_works(
        rng,
        directions,
        np.array([one.category for one in planned], np.int64),
        talent[[one.creator for one in planned]],
        np.array([clips[one.clip][1] for one in planned], np.float32),
    )
    tell(0.0, "creators")
    creator_ids = _declare_creators(stage.means, rng, of_creator, own)
    brands = _declare_brands(stage, size.advertisers, own)
    paths, seconds = [path for path, _ in clips], [long for _, long in clips]
    cast = Cast(
        *(size, rng, directions, of_creator, talent, people, works),
        *(planned, [], creator_ids, brands, list[Path | int](paths), seconds, {}),
    )
    for done in _declare_viewers(stage.means, cast):
        tell(done / size.viewers, "viewers")
    tell(0.0, "clips")
    drawn()
    due = [one for one in planned if one.at_ms <= stage.clock.world_ms()]
    for number, one in enumerate(due):
        tell(number / len(due), "posts")
        publish(stage, cast, one)
    return cast


def publish(stage: Stage, cast: Cast, one: Planned) -> None:
    """Publish a planned post; the first one of each clip brings its file, the others show the stored one."""
    clip = cast.clips[one.clip]
    view = posts.publish_post(
        stage.means,
        COMMAND,
        house=stage.house,
        creator_id=cast.creator_ids[one.creator],
        draft=PostDraft(
            caption=one.caption,
            category=CATEGORIES[one.category],
            published_at_ms=min(one.at_ms, stage.clock.world_ms()),
        ),
        upload=clip if isinstance(clip, Path) else None,
        media_id=None if isinstance(clip, Path) else clip,
        may_date=True,
    )
    if isinstance(clip, Path) and view.media is not None:
        cast.clips[one.clip] = view.media.id
    one.post_id = view.id
    cast.works_of[view.id] = one.work


def _declare_creators(means: Means, rng: Generator, of_creator: NDArray[np.int64], own: Own) -> list[int]:
    found = [own.creator_id] if own.creator_id else []
    for number, category in list(enumerate(of_creator.tolist()))[len(found) :]:
        name = FIRST_NAMES[number % len(FIRST_NAMES)]
        ends = CRAFTS[CATEGORIES[category]]
        plain = name.lower().translate(str.maketrans("éèëïôç", "eeeioc"))
        made = accounts.create_creator(
            means,
            COMMAND,
            handle=f"{plain}.{ends[int(rng.integers(len(ends)))]}{number}",
            display_name=name,
            country="FR",
            language="fr",
            categories=[CATEGORIES[category]],
        )
        found.append(made.id)
    return found


def _declare_brands(stage: Stage, count: int, own: Own) -> list[Brand]:
    """Make the brands: all but the first in a Business Center of theirs, whose ads the first person may see."""
    found = []
    if own.advertiser_id:
        found.append(_with_shop(stage, own.advertiser_id, accounts_queries.get_advertiser(own.advertiser_id).name, 0))
    center = accounts.create_business_center(
        stage.means,
        COMMAND,
        name="Les marques voisines",
        company="Les marques voisines SAS",
        country="FR",
        currency="EUR",
        timezone="Europe/Paris",
    )
    for number in range(len(found), count):
        name, category = BRANDS[number % len(BRANDS)]
        name = name if number < len(BRANDS) else f"{name} {number // len(BRANDS) + 1}"
        found.append(declare_brand(stage, name, CATEGORIES.index(category), center.id))
    return found


def declare_brand(stage: Stage, name: str, category: int, center_id: int) -> Brand:
    """Make an advertiser with money to try things out, and the pixel of its shop."""
    made = accounts.create_advertiser(
        stage.means,
        COMMAND,
        business_center_id=center_id,
        name=name,
        company=f"{name} SAS",
        currency="EUR",
        timezone="Europe/Paris",
        country="FR",
        language="fr",
        category=CATEGORIES[category],
    )
    billing.give_test_credit(stage.means, stage.house.mode, advertiser_id=made.id)
    return _with_shop(stage, made.id, name, category)


def _with_shop(stage: Stage, advertiser_id: int, name: str, category: int) -> Brand:
    pixel = pixels.create_pixel(stage.means, COMMAND, advertiser_id=advertiser_id, name="Boutique")
    return Brand(advertiser_id, pixel.id, name, category)


def _declare_viewers(means: Means, cast: Cast) -> Iterator[int]:
    """Declare everybody, and say now and then how many that were."""
    count = len(cast.people)
    while len(cast.viewer_ids) < count:
        begin = len(cast.viewer_ids)
        cast.viewer_ids += _declare_some(means, cast, range(begin, min(begin + AT_ONCE, count)))
        yield len(cast.viewer_ids)


@verb
def _declare_some(means: Means, cast: Cast, numbers: range) -> list[int]:
    with unit(means):
        return [_declare_viewer(means, cast, number) for number in numbers]


def gather(stage: Stage, viewers: int, *, seed: int) -> Cast:
    """Return a cast of viewers alone, for a house with posts and ads of its own; those of an earlier call come again.

    Cost: some 2 ms for each who was not there.
    """
    size = Size(viewers=viewers, creators=0, posts=0, advertisers=0)
    rng = np.random.Generator(np.random.PCG64(seed))
    directions = draw_directions(rng, len(CATEGORIES))
    people = draw_people(rng, size.viewers, directions, herding=size.herding, sessions_a_day=size.sessions_a_day)
    none, nothing = np.zeros(0, np.int64), np.zeros(0, np.float32)
    works = draw_works(rng, directions, none, nothing, nothing)
    cast = Cast(*(size, rng, directions, none, nothing, people, works), *([], [], [], [], [], [], {}))
    for begin in range(0, viewers, AT_ONCE):
        cast.viewer_ids += _gather_some(stage.means, cast, range(begin, min(begin + AT_ONCE, viewers)))
    return cast


@verb
def _gather_some(means: Means, cast: Cast, numbers: range) -> list[int]:
    with unit(means):
        found = []
        for number in numbers:
            there = viewers_queries.find_viewer_by_external_id(f"{CROWD}-{number}")
            found.append(_declare_viewer(means, cast, number, prefix=CROWD) if there is None else there.id)
        return found


def _declare_viewer(means: Means, cast: Cast, number: int, *, prefix: str = "life") -> int:
    rng = cast.rng
    chance = rng.random(6)
    country, language = place_of(chance[0])
    age: int | None = None
    if chance[1] >= UNKNOWN_AGE:
        is_minor = chance[1] < UNKNOWN_AGE + MINORS
        age = int(rng.integers(13, 18)) if is_minor else int(18 + min(60, rng.gamma(2.0, 7.0)))
    return viewers.create_viewer(
        means,
        external_id=f"{prefix}-{number}",
        age=age,
        gender=("female", "male", "")[int(rng.choice(3, p=(0.47, 0.45, 0.08)))],
        country=country,
        language=language,
        os=("android", "ios")[int(chance[2] < 0.4)],  # noqa: PLR2004 - shares of devices
        device_price=int(120 + 900 * chance[3]),
        interests=() if chance[4] < UNDECLARED else named_interests(rng, cast.people.favourites[number]),
        profiling_consent=bool(chance[5] >= UNWILLING),
    ).id


def plan_more(cast: Cast, *, begin_ms: int) -> None:
    """Plan a further week of posts, as many a day as before."""
    more = later_posts(
        cast.rng,
        cast.size,
        cast.of_creator,
        len(cast.clips),
        begin_ms=begin_ms,
        days=FURTHER_DAYS,
        first_work=len(cast.works),
    )
    cast.works.add(
        draw_works(
            cast.rng,
            cast.directions,
            np.array([one.category for one in more], np.int64),
            cast.talent[[one.creator for one in more]],
            np.array([cast.seconds[one.clip] for one in more], np.float32),
        )
    )
    cast.planned += more


def meet(cast: Cast, shown_id: int, *, post_id: int, duration_ms: int) -> None:
    """Draw what is so of a post, or of an ad without one, that the story did not bring.

    Its topic is its category's where it names one of the story's; how good it is, chance says. Cost: one query.
    """
    post = posts_queries.find_post(post_id) if post_id else None
    named = "" if post is None else post.category
    category = CATEGORIES.index(named) if named in CATEGORIES else int(cast.rng.integers(len(CATEGORIES)))
    seconds = max(duration_ms, LEAST_MS) / 1000
    none, long = np.zeros(1, np.float32), np.array([seconds], np.float32)
    cast.works_of[shown_id] = len(cast.works)
    cast.works.add(draw_works(cast.rng, cast.directions, np.array([category], np.int64), none, long))


def due_posts(cast: Cast, *, now_ms: int) -> list[Planned]:
    """Return the posts whose time has come and that are not published yet."""
    return [one for one in cast.planned if not one.post_id and one.at_ms <= now_ms]
