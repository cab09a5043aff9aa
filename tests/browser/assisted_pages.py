"""What the assistant's pages show: a draft with an answer to every question, and all there is to choose from."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import Page

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from attise.management.accounts.models import Creator
from attise.management.authorizations import actions as authorizations
from attise.management.campaigns.actions import save_draft
from attise.management.library.actions import upload_video
from attise.management.pixels import actions as pixels
from attise.management.posts.actions import hold_back
from attise.management.posts.models import Post, Unpublished
from tests.browser.town import Town, a_clip
from tests.preflighted import seen_of

ANSWERS = {
    "objective": "TRAFFIC",
    "name": "Sérum C · routine du matin",
    "country": "3017382",
    "days": "14",
    "gender": "GENDER_UNLIMITED",
    "ages": ["AGE_25_34"],
    "budget": "50",
    "spark": True,
    "call_to_action": "SHOP_NOW",
    "landing_page_url": "https://shop.example/serum",
}


def an_own_account(town: Town) -> tuple[Post, Post]:
    """Give the brand an account of its own; returns a public post of it, and a private one."""
    mine = accounts.create_creator(
        town.means, COMMAND, handle="maison.aubree", display_name="Maison Aubrée", country="FR"
    )
    authorizations.link_own_account(town.means, COMMAND, advertiser_id=town.advertiser.id, creator_id=mine.id)
    row = Creator.objects.get(id=mine.id)
    public = town.a_post("L’atelier, un matin d’hiver", of=row)
    return public, town.a_post("Avant-première : la crème de nuit", of=row, visibility="private")


def assisted(word: str, **answers: object) -> Callable[[Town], str]:
    """Return a step of a campaign that is being put together, every answer of which is there."""

    def make(town: Town) -> str:
        post = town.a_post("Sérum C, un mois après, sans filtre. Vous voulez la routine complète ? #soin")
        town.applied(town.a_code(post, days=7))
        an_own_account(town)
        pixels.create_pixel(town.means, COMMAND, advertiser_id=town.advertiser.id, name="Boutique")
        body = {**ANSWERS, "shown": str(post.id), **answers}
        draft = save_draft(town.means, advertiser_id=town.advertiser.id, body=body)
        return f"/ads/creer/{draft.id}/{word}"

    return make


def imported(path: str, **answers: object) -> Callable[[Town], str]:
    """Return a page of a video that an advertiser imports, which was looked over; ``{video}`` in the path is its id."""

    def make(town: Town) -> str:
        here = assisted("videos", **answers)(town)
        mine = {"advertiser_id": town.advertiser.id, "typed": {"file_name": "crème de nuit.mp4"}}
        one = hold_back(town.means, house=settings.HOUSE, upload=a_clip(), **mine)
        Unpublished.objects.filter(id=one.id).update(seen=seen_of(), tries=1)
        return here.replace("videos", path.format(video=one.id))

    return make


def standard(word: str) -> Callable[[Town], str]:
    """Return a step of a draft that shows an imported video under the brand's name."""

    def make(town: Town) -> str:
        mine = {"house": settings.HOUSE, "advertiser_id": town.advertiser.id}
        one = upload_video(town.means, COMMAND, upload=a_clip(), file_name="crème de nuit.mp4", **mine)
        words = {"ad_text": "Une crème, un mois, sans filtre.", "display_name": "Maison Aubrée"}
        return assisted(word, shown=one.video_id, spark=False, **words)(town)

    return make


def choose_private(page: Page) -> None:
    """Choose the private post, so that what becomes of it is said."""
    page.get_by_role("radio").nth(0).check()
