"""The main job, end to end, on a stage: a post is published, spreads, is picked, granted, boosted, settled, compared.

The scout makes a short list, and a lot chooses which post of it is boosted: so the others, which nobody boosts, say
what it would have come to. Its campaigns stop some time before the end, and the post goes on.

Every number is what the house counted or charged. Of the truth one number is told, and it is named: how good the post
is that the scout ranks first, among all, which nobody in the house can know.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.actor import COMMAND
from attise.kernel.limits import DAY_MS, HOLDOUT_PPM_MOST, HOUR_MS
from attise.kernel.money import MICROS
from attise.ledger import queries as ledger
from attise.management.accounts import queries as accounts_queries
from attise.management.authorizations.queries import list_of_posts
from attise.management.billing import queries as billing_queries
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns import queries as campaign_queries
from attise.management.campaigns.actions import Boosted
from attise.management.campaigns.rules.creative import BY_CODE, CUSTOM, Creative
from attise.management.library import actions as library
from attise.management.posts import queries as posts_queries
from attise.management.posts import store
from attise.management.posts.media.inspection import inspect_video
from attise.management.posts.rules import is_caption_locked
from attise.management.posts.views import PostView
from attise.measurement.attribution import queries as attribution
from attise.measurement.attribution.billing import creator_account
from attise.measurement.attribution.judging import TYPE_BITS
from attise.measurement.attribution.queries import PersonOutcome
from attise.measurement.conversions.queries import count_credited
from attise.measurement.counters.queries import CountsView, list_counts, list_every_hour, list_hours
from attise.measurement.lift.arms import Share, share_of
from attise.measurement.lift.comparing import Difference, compare
from attise.measurement.reports.promoted import Gain, Post, course_of, post_of
from attise.measurement.scout.observed import Observed, observe
from attise.measurement.scout.ranking import Ranking, rank
from attise.serving.delivery import holdout
from attise.simulator.beginning import Beginning
from attise.simulator.cast import Brand, declare_brand
from attise.simulator.granting import GRANT_DAYS, PAGE, SHARE_PPM, authorize
from attise.simulator.rivals import Taste, adgroup_draft, campaign_draft
from attise.simulator.stage import Stage

SPREAD_PART, ADS_PART = 0.35, 0.75
"""Of the days, those in which posts spread by themselves before one is boosted, and up to when it is."""
SHORT_LIST: Final = 24
"""Posts that the scout ranks first and nobody boosts, of which a lot chooses one."""
OFFER: Final = Taste("REACH", "REACH", 40 * MICROS, "BUDGET_MODE_DAY", 150)
"""How the two campaigns that are compared buy: alike, and by impressions, so that what is predicted of either does not
choose who sees it."""
YOUNGEST_H, OLDEST_H = 6, 96
"""How old a post may be that the scout looks at."""

ACTS: Final = ("complete", "click", "follow", "comment")
MEASURES: Final = (
    ("completions_per_impression", "complete", "impressions"),
    ("clicks_per_impression", "click", "impressions"),
    ("follows_per_impression", "follow", "impressions"),
    ("comments_per_impression", "comment", "impressions"),
    ("carts_per_euro", "carts", "euros"),
)
"""What is compared: its name, what happened, of what it is a share."""

Step = dict[str, Any]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Job:
    """The job under way; ``steps`` are told as they are done."""

    stage: Stage
    made: Beginning
    days: float
    tell: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)
    _begin_ms: int = 0

    def run(self) -> dict[str, Any]:
        """Do all of it, and return the comparison."""
        self._begin_ms = self.stage.clock.world_ms()
        self._published()
        self._spread()
        listed = self._scout()
        post, identity_id = self._authorized(listed)
        spark, standard = self._campaigns(post, identity_id)
        self._delivered(spark, standard)
        self._lived_on((spark, standard), post, [one for one in listed if one != post.id])
        self._settled(post)
        return self._compared(spark, standard)

    def _done(self, name: str, *, ok: bool, **numbers: Any) -> None:
        step = {"name": name, "ok": ok, "numbers": numbers}
        self.steps.append(step)
        self.tell(step)

    def _published(self) -> None:
        cast = self.made.cast
        there = sum(bool(one.post_id) for one in cast.planned)
        self._done(
            "publish",
            ok=there > 0,
            viewers=len(cast.viewer_ids),
            creators=len(cast.creator_ids),
            posts=there,
            posts_to_come=len(cast.planned) - there,
            clips=len(cast.clips),
            brands=len(cast.brands),
        )

    def _spread(self) -> None:
        lived = self.made.story.live(self._begin_ms + int(self.days * SPREAD_PART * DAY_MS))
        counts = list_counts(self._posts()).values()
        views = sorted((one.of("views").organic for one in counts), reverse=True)
        best = sum(views[: max(len(views) // 10, 1)])
        self._done(
            "organic spread",
            ok=sum(views) > 0,
            impressions=sum(one.of("impressions").organic for one in counts),
            views=sum(views),
            completions=sum(one.of("completions").organic for one in counts),
            likes=sum(one.of("likes").organic for one in counts),
            comments=sum(one.of("comments").organic for one in counts),
            views_of_the_best_tenth=best,
            paid_impressions=lived.paid,
        )

    def _posts(self) -> list[int]:
        return [one.post_id for one in self.made.cast.planned if one.post_id]

    def _scout(self) -> list[int]:
        """Have the scout rank what the house counted; returns its short list: what it would boost now comes first."""
        now_ms, cast = self.stage.clock.world_ms(), self.made.cast
        seen = [one for one in map(self._observed, self._posts()) if one is not None]
        ranking: Ranking = rank(seen, now_ms=now_ms)
        boosted = [one for one in ranking.posts if one.verdict == "boost_now"]
        in_turn = [*boosted, *(one for one in ranking.posts if one.verdict != "boost_now")]
        paid = list_counts([int(one.post) for one in in_turn])
        listed = [one for one in in_turn if not paid[int(one.post)].of("views").paid][:SHORT_LIST]
        picked = listed[0]
        quality = cast.works.quality
        own = quality[cast.works_of[int(picked.post)]]
        all_of_them = quality[[cast.works_of[post_id] for post_id in self._posts()]]
        self._done(
            "scout",
            ok=len(ranking.posts) == len(seen),
            mode=ranking.mode,
            looked_at=len(seen),
            boost_now=len(boosted),
            short_list=len(listed),
            post_id=picked.post,
            score=picked.score,
            interval=list(picked.interval),
            verdict=picked.verdict,
            age_hours=picked.age_h,
            reasons=[one.code for one in picked.reasons],
            better_than_in_truth=round(float((all_of_them < own).mean()), 3),
        )
        return [int(one.post) for one in listed]

    def _observed(self, post_id: int) -> Observed | None:
        """Return what the house counted of a post by the hour, as the scout takes it; None: too young, old or alone."""
        post, now_ms = posts_queries.get_post(post_id), self.stage.clock.world_ms()
        age_h = (now_ms - post.published_at_ms) / HOUR_MS
        if not YOUNGEST_H <= age_h <= OLDEST_H:
            return None
        hours = [one for one in list_hours(post_id, from_ms=0, to_ms=now_ms) if one.counts.organic]
        if not hours:
            return None

        def risen(signal: str) -> list[int]:
            return np.cumsum([one.counts.of(signal).organic for one in hours]).tolist()

        views = risen("views")
        finished = sum(one.counts.of("completions").organic for one in hours)
        return observe(
            str(post_id),
            [min(one.hour_ms + HOUR_MS, now_ms) for one in hours],
            views,
            likes=risen("likes"),
            comments=risen("comments"),
            shares=risen("shares"),
            saves=risen("saves"),
            published_at_ms=post.published_at_ms,
            duration_s=None if post.media is None else post.media.duration_ms / 1000,
            creator=str(post.creator_id),
            category=post.category,
            completion=finished / views[-1] if views[-1] else None,
        )

    def _authorized(self, listed: list[int]) -> tuple[PostView, str]:
        """Have the creators of a short list grant their posts, and the first brand apply the codes; a lot takes one.

        Returns that post, and the identity that its code opened.
        """
        stage, brand = self.stage, self.made.cast.brands[0]
        identities = [authorize(stage, brand, one) for one in listed]
        place = int(self.made.cast.rng.integers(len(listed)))
        post = posts_queries.get_post(listed[place])
        grants = list_of_posts(stage.means, post_ids=listed)
        states = {one: str(grants[one][0].state) for one in listed}
        self._done(
            "authorization",
            ok=set(states.values()) == {"bound"},
            posts=len(listed),
            days=GRANT_DAYS,
            share_ppm=SHARE_PPM,
            state=states[post.id],
            locked=is_caption_locked(post.locked_until_ms, stage.clock.world_ms()),
            post_id=str(post.id),
            drawn_as=place + 1,
        )
        return post, identities[place]

    def _campaigns(self, post: PostView, identity_id: str) -> tuple[Boosted, Boosted]:
        """Boost the post twice, by what is compared alone: as itself, and as a copy under the brand's name.

        The copy is another advertiser's of the same Business Center: of one advertiser's ads a slot takes the best, and
        who is held out of that one's campaign sees another advertiser's.
        """
        stage, first, media = self.stage, self.made.cast.brands[0], post.media
        center_id = accounts_queries.get_advertiser(first.advertiser_id).business_center_id
        brand = declare_brand(stage, f"{first.name} 2", first.category, center_id)
        self.made.cast.brands.append(brand)
        if media is None:
            raise AssertionError("a post that was watched has a file")
        name = library.create_identity(stage.means, COMMAND, advertiser_id=brand.advertiser_id, display_name=brand.name)
        folder = store.folder_of(stage.house, media.key)
        asked: dict[str, Any] = {"house": stage.house, "advertiser_id": brand.advertiser_id}
        video = library.upload_video(
            stage.means, COMMAND, upload=folder / media.file_name, file_name="copy.mp4", **asked
        )
        cover = library.upload_image(
            stage.means, COMMAND, upload=folder / store.COVER_NAME, file_name="copy.jpg", **asked
        )
        button: dict[str, Any] = {"call_to_action": "LEARN_MORE", "landing_page_url": PAGE}
        spark = Creative(identity_type=BY_CODE, identity_id=identity_id, post_id=post.id, **button)
        standard = Creative(
            identity_type=CUSTOM,
            identity_id=name.identity_id,
            video_id=video.video_id,
            image_ids=[cover.image_id],
            ad_text=post.caption[:100],
            **button,
        )
        made = [self._boost(first, "spark", spark), self._boost(brand, "standard", standard)]
        self.made.cast.works_of[made[1].ad.id] = self.made.cast.works_of[post.id]
        self._done(
            "campaign",
            ok=all(one.ad.review == "approved" for one in made),
            campaigns=len(made),
            daily_budget_micros=OFFER.budget_euros * MICROS,
            bid_micros=OFFER.bid_micros,
            holdout_ppm=HOLDOUT_PPM_MOST,
        )
        return made[0], made[1]

    def _boost(self, brand: Brand, kind: str, creative: Creative) -> Boosted:
        return campaigns.boost(
            self.stage.means,
            COMMAND,
            house=self.stage.house,
            advertiser_id=brand.advertiser_id,
            campaign=campaign_draft(OFFER, f"{brand.name} · {kind}", holdout_ppm=HOLDOUT_PPM_MOST),
            adgroup=adgroup_draft(self.stage, brand, OFFER),
            creative=creative,
        )

    def _delivered(self, spark: Boosted, standard: Boosted) -> None:
        before = self.made.story.lived.paid
        lived = self.made.story.live(self._begin_ms + int(self.days * ADS_PART * DAY_MS))
        mine = attribution.list_outcomes_of_ads((spark.ad.id, standard.ad.id))
        exhausted = sum(self._is_used_up(one) for one in self.made.boosted)
        self._done(
            "delivery",
            ok=bool(mine),
            impressions=lived.impressions,
            paid_impressions=lived.paid,
            paid_impressions_since=lived.paid - before,
            of_the_two_campaigns=len(mine),
            rivals=len(self.made.boosted),
            rivals_whose_budget_is_used_up=exhausted,
        )

    def _lived_on(self, compared: tuple[Boosted, Boosted], post: PostView, left: list[int]) -> None:
        """Stop what is compared, and let the post go on; what it came to stands beside those that the lot left out."""
        for one in compared:
            campaigns.switch_campaigns(
                self.stage.means,
                COMMAND,
                advertiser_id=one.campaign.advertiser_id,
                campaign_ids=[one.campaign.id],
                to="DISABLE",
            )
        self.made.story.live(self._begin_ms + int(self.days * DAY_MS))
        course = course_of(
            self._counted(post.id), [self._counted(one) for one in left], now_ms=self.stage.clock.world_ms()
        )
        if course is None:
            self._done("after the campaign", ok=False, beside=len(left))
            return
        parts = {"during": course.during, "after": course.after, "in_all": course.in_all}
        self._done(
            "after the campaign",
            ok=course.in_all.organic > 0,
            before=course.before,
            beside=course.others,
            enough=course.is_enough,
            more_posts_beside=course.more_others,
            **{name: None if one is None else _gain(one) for name, one in parts.items()},
        )

    def _counted(self, post_id: int) -> Post:
        hours = [(hour_ms, is_paid, counts[0]) for hour_ms, is_paid, counts in list_every_hour(post_id, ("views",))]
        return post_of(posts_queries.get_post(post_id).published_at_ms, hours)

    def _is_used_up(self, one: Boosted) -> bool:
        """Tell whether a campaign's budget has no room for another impression at its bid."""
        campaign = campaign_queries.get_campaign(
            self.stage.means, advertiser_id=one.campaign.advertiser_id, campaign_id=one.campaign.id
        )
        left = (campaign.budget_micros or 0) - campaign.spent_micros
        return left < (one.adgroup.bid_micros or 0) // 1000 + 1

    def _settled(self, post: PostView) -> None:
        lived, means = self.made.story.lived, self.stage.means
        balances = [
            billing_queries.balance_of_advertiser(means, advertiser_id=one.advertiser_id)
            for one in self.made.cast.brands
        ]
        spent = sum(one.spent_micros for one in balances)
        earned = sum(ledger.balance_of(creator_account(one), "EUR") for one in self.made.cast.creator_ids)
        counts = list_counts([post.id]).get(post.id, CountsView())
        parts = {
            signal: {"organic": counts.of(signal).organic, "paid": counts.of(signal).paid}
            for signal in ("views", "likes", "comments", "shares", "saves", "follows")
        }
        self._done(
            "settlement",
            ok=lived.settled == lived.events + lived.reports and 0 <= earned <= spent,
            events=lived.events,
            settled=lived.settled,
            comments=lived.comments,
            told_by_shops=lived.reports,
            spent_micros=spent,
            creators_earned_micros=earned,
            on_the_post=parts,
        )

    def _compared(self, spark: Boosted, standard: Boosted) -> dict[str, Any]:
        """Compare those who could be shown the one alone with those who could be shown the other alone."""
        salt = self.stage.house.secrets.key(holdout.PURPOSE)

        def is_out(one: Boosted, person: str) -> bool:
            return holdout.is_held_out(one.campaign.id, person, share_ppm=HOLDOUT_PPM_MOST, salt=salt)

        arms: dict[str, dict[str, Floats]] = {}
        for name, mine, other in (("spark", spark, standard), ("standard", standard, spark)):
            rows = attribution.list_outcomes_of_ads((mine.ad.id,))
            carts = count_credited((mine.ad.id,), "AddToCart")
            arms[name] = _by_person([one for one in rows if one.viewer and is_out(other, one.viewer)], carts)
        found: dict[str, Any] = {"viewers": {name: len(arm["impressions"]) for name, arm in arms.items()}}
        for measure, events, units in MEASURES:
            shares = {name: share_of(arm[events], arm[units]) for name, arm in arms.items()}
            found[measure] = _told(shares, compare(shares["spark"], shares["standard"]))
        return found


def _gain(one: Gain) -> dict[str, Any]:
    """Return what ads brought of a part, as JSON takes it."""
    known = one.gain is not None and one.low is not None and one.high is not None and one.without is not None
    return {
        "organic": one.organic,
        "paid": one.paid,
        "without_ads": round(one.without or 0.0, 1) if known else None,
        "brought": round(one.gain or 0.0, 1) if known else None,
        "interval": [round(one.low or 0.0, 1), round(one.high or 0.0, 1)] if known else None,
        "differs": one.differs,
        "more_promoted_posts": one.more_posts,
    }


def _by_person(rows: list[PersonOutcome], carts: dict[int, int]) -> dict[str, Floats]:
    """Return what each person did, by what they did: float64[persons] each. ``carts``: by decision."""
    people = {person: place for place, person in enumerate(sorted({one.viewer for one in rows}))}
    found = {name: np.zeros(len(people)) for name in ("impressions", "euros", "carts", *ACTS)}
    for one in rows:
        place = people[one.viewer]
        found["impressions"][place] += 1
        found["euros"][place] += one.charged_micros / MICROS
        found["carts"][place] += carts.get(one.decision_id, 0)
        for type_ in ACTS:
            found[type_][place] += bool(one.counted & TYPE_BITS[type_])
    return found


def _told(shares: dict[str, Share], difference: Difference) -> dict[str, Any]:
    """Return a comparison as JSON takes it."""
    return {
        **{name: round(one.ratio, 6) for name, one in shares.items()},
        "events": {name: round(one.events, 3) for name, one in shares.items()},
        "difference": round(difference.difference, 6),
        "interval": [round(difference.low, 6), round(difference.high, 6)],
        "enough": difference.is_told,
        "differs": difference.differs,
        "more_viewers_of_each": difference.more_viewers,
    }


def lengths_of(paths: Sequence[Path], uploads: Path) -> list[tuple[Path, float]]:
    """Return files with their seconds, judged as any upload. Raises: the refusals of files."""
    found = []
    for path in paths:
        with tempfile.TemporaryDirectory(dir=uploads) as work:
            found.append((path, inspect_video(path, Path(work)).duration_ms / 1000))
    return found
