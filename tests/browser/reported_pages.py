"""What the operator's pages of reports are shown with: posts that viewers reported, one of them looked at before."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from attise.kernel.actor import Actor
from attise.management.review.actions import report_ad, report_comment, rule_on_post
from attise.management.viewers.actions import create_viewer
from attise.measurement.counters.models import Hour, Subject
from tests.browser.brand import Brand
from tests.browser.town import Town


def reported(path: str) -> Callable[[Town], str]:
    """Return what fills the town, and gives the address of a page."""

    def make(town: Town) -> str:
        worst = town.a_post("Trois jours de jeûne pour perdre dix kilos")
        again = town.a_post("Crème hiver : le test des trois jours")
        _counted(again.id, views=48_200, reports=3)
        olga = Actor("person", town.olga.id)
        rule_on_post(town.means, olga, house=settings.HOUSE, post_id=again.id, reports=3, verdict="kept")
        Subject.objects.filter(subject_id=again.id, is_paid=False).update(reports=5)
        _counted(worst.id, views=6_310, reports=41, paid=4)
        for text, times in (("Achète mes abonnés ici, lien en bio", 3), ("Tu mens, comme toujours", 1)):
            said = town.a_comment(again, text)
            for _ in range(times):
                viewer = create_viewer(town.means)
                report_comment(town.means, post_id=again.id, comment_id=said.id, viewer_id=viewer.id)
        brand = Brand(town)
        copied = brand.standard(brand.group(brand.campaign("Crème hiver")), "Studio, plan large")
        for number, reason in enumerate(("misleading", "misleading", "scam", "unsaid")):
            report_ad(town.means, ad_id=copied.id, reporter=f"p{number}", reason=reason)
        return path.format(post=again.id)

    return make


def _counted(post_id: int, *, views: int, reports: int, paid: int = 0) -> None:
    Subject.objects.create(subject_id=post_id, is_paid=False, kind="post", creator_id=0, views=views, reports=reports)
    Hour.objects.create(subject_id=post_id, hour_ms=0, is_paid=False, views=views, reports=reports)
    if paid:
        Subject.objects.create(subject_id=post_id, is_paid=True, kind="post", creator_id=0, reports=paid)
