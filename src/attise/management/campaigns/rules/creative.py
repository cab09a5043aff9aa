"""What a creative may be, for which kind of ad and which goal: every refusal of one, gathered. Pure.

Three kinds. *Spark*: a creator's post, shown as it is. *Push*: a video of the library, published on an account for the
ad. *Standard*: a video of the library under a mere name. Fields have this room's names; doors have their own spelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attise.kernel.errors import FIELD_REQUIRED, N_, Refusal
from attise.kernel.gather import Gather
from attise.kernel.text import clean_text, find_emoji
from attise.kernel.urls import LOOPBACK, NO_HOSTS
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.rules.addresses import clean_public_deeplink, clean_public_url
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.rules.names import clean_name
from attise.records.lookups import call_to_actions

CUSTOM, BY_CODE, OWN, BY_ACCESS = "CUSTOMIZED_USER", "AUTH_CODE", "TT_USER", "BC_AUTH_TT"
IDENTITY_TYPES = (CUSTOM, BY_CODE, OWN, BY_ACCESS)
PUSHES = frozenset({OWN, BY_ACCESS})
VIDEO, CAROUSEL = "SINGLE_VIDEO", "CAROUSEL_ADS"
DEEPLINK_TYPES = ("NORMAL", "DEFERRED_DEEPLINK")
PRIVATE_BECOMES = ("", "public", "ads_only")
"""What the advertiser says of a private post of its own account: nothing, and it is refused, or what it becomes."""

AD_TEXT_CHARACTERS = 100
UTM_PARAMETERS = 20
UTM_CHARACTERS = 200
COVER_MARGIN = 20
"""A cover may be longer on one side by one part in this many than the shape of the video."""
SUGGESTED = re.compile(r"(?P<video>.+)-(?P<count>[1-9]|10)\.(?P<place>[1-9]|10)")
"""The id of a picture suggested as cover of a video: of how many, which."""

LEADS_TO_PAGE = frozenset({"CLICK", "TRAFFIC_LANDING_PAGE_VIEW", "CONVERT", "VALUE", "LEAD_GENERATION"})
LEADS_TO_PROFILE = frozenset({"FOLLOWERS", "PAGE_VISIT"})
LEADS_TO_APP = frozenset({"INSTALL", "IN_APP_EVENT"})
NEEDS_CLICK = LEADS_TO_PAGE | LEADS_TO_APP


@dataclass(frozen=True, slots=True, kw_only=True)
class Creative:
    """One creative as it is asked for, texts as they were typed."""

    name: str = ""
    identity_type: str
    identity_id: str
    business_center_id: int | None = None
    post_id: int | None = None
    video_id: str | None = None
    image_ids: Sequence[str] = ()
    ad_format: str = ""
    """Empty: the one that fits."""
    ad_text: str = ""
    call_to_action: str = ""
    portfolio_id: int | None = None
    """Of buttons to choose from; they are shown rather than ``call_to_action``."""
    landing_page_url: str = ""
    deeplink: str = ""
    deeplink_type: str = ""
    utm_params: Sequence[tuple[str, str]] = ()
    impression_tracking_url: str = ""
    click_tracking_url: str = ""
    tracking_pixel_id: int | None = None
    tracking_app_id: int | None = None
    dark_post: bool = True
    """Of a push ad: shown in ads only."""
    private_becomes: str = ""
    """Of a private post of the advertiser's own account: ``public`` or ``ads_only``; empty, it is refused."""
    music_disabled: bool = True
    duet_allowed: bool = True
    stitch_allowed: bool = True
    creative_authorized: bool = False
    ai_generated: bool = False
    operation_status: str = "ENABLE"

    @property
    def kind(self) -> str:
        """Where the creative comes from: ``standard``, ``push`` or ``spark``."""
        if self.identity_type == CUSTOM:
            return "standard"
        return "push" if self.identity_type in PUSHES and self.post_id is None and self.video_id else "spark"


@dataclass(frozen=True, slots=True)
class Aim:
    """What the ad group and the house ask of a creative."""

    goal: str
    promotion_type: str = ""
    plain_pages: bool = False
    """Whether landing pages on this machine are taken without https: in a sandbox and a demo."""

    @property
    def leads_to_app(self) -> bool:
        """Whether a click leads to an app's own page, which the ad group names."""
        return self.promotion_type.startswith("APP_")

    @property
    def needs_page(self) -> bool:
        """Whether the ad must have a landing page."""
        return self.goal in LEADS_TO_PAGE and not self.leads_to_app


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The texts of a creative after their checks."""

    name: str
    ad_text: str
    call_to_action: str
    landing_page_url: str
    deeplink: str
    deeplink_type: str
    utm_params: list[dict[str, str]]
    impression_tracking_url: str
    click_tracking_url: str


def clean_creative(creative: Creative, aim: Aim) -> Clean:
    """Return the texts of a creative, or refuse all that is wrong with it together.

    Raises: the refusals of texts and addresses, those of ``ad_errors``; ``choice_unknown``.
    """
    gather = Gather()
    if creative.identity_type:
        gather.take(check_choice, creative.identity_type, IDENTITY_TYPES, field="identity_type")
    gather.take(check_choice, creative.operation_status, ("ENABLE", "DISABLE"), field="operation_status")
    gather.take(check_choice, creative.private_becomes, PRIVATE_BECOMES, field="private_becomes")
    for refusal in _refusals_of_parts(creative):
        gather.add(refusal)
    clean = Clean(
        name=gather.take(clean_name, creative.name, field="name") if creative.name.strip() else "",
        ad_text=gather.take(_clean_text, creative),
        call_to_action=gather.take(_clean_call_to_action, creative, aim),
        landing_page_url=gather.take(_clean_page, creative.landing_page_url, aim),
        deeplink=gather.take(clean_public_deeplink, creative.deeplink, field="deeplink") if creative.deeplink else "",
        deeplink_type=gather.take(
            check_choice, creative.deeplink_type or DEEPLINK_TYPES[0], DEEPLINK_TYPES, field="deeplink_type"
        ),
        utm_params=gather.take(_clean_utm, creative.utm_params),
        impression_tracking_url=gather.take(
            _clean_tracker, creative.impression_tracking_url, "impression_tracking_url"
        ),
        click_tracking_url=gather.take(_clean_tracker, creative.click_tracking_url, "click_tracking_url"),
    )
    if creative.kind == "standard" and aim.goal in LEADS_TO_PROFILE:
        gather.add(AdRefused(errors.ACCOUNT_REQUIRED, field="identity_type"))
    gather.tell()
    return clean


def _refusals_of_parts(creative: Creative) -> list[Refusal]:
    """Return what is missing of a creative, or does not go with its kind."""
    needed: dict[str, object] = {"identity_type": creative.identity_type, "identity_id": creative.identity_id}
    if creative.identity_type == BY_ACCESS:
        needed["business_center_id"] = creative.business_center_id
    found: list[Refusal] = [AdRefused(FIELD_REQUIRED, field=name) for name, value in needed.items() if not value]
    of_kind = _refusals_of_spark if creative.kind == "spark" else _refusals_of_upload
    return found + of_kind(creative)


def _refusals_of_spark(creative: Creative) -> list[Refusal]:
    found: list[Refusal] = []
    if creative.post_id is None:
        found.append(AdRefused(errors.POST_REQUIRED, field="post_id"))
    if creative.video_id:
        found.append(AdRefused(errors.NOT_WITH_POST, field="video_id"))
    if creative.image_ids:
        found.append(AdRefused(errors.NOT_WITH_POST, field="image_ids"))
    return found


def _refusals_of_upload(creative: Creative) -> list[Refusal]:
    found: list[Refusal] = []
    if creative.post_id is not None:
        found.append(AdRefused(errors.IDENTITY_NOT_POSTS, field="post_id"))
    if not creative.video_id:
        found.append(AdRefused(errors.VIDEO_REQUIRED, field="video_id"))
    if len(creative.image_ids) != 1:
        found.append(AdRefused(errors.COVER_REQUIRED, field="image_ids", got=len(creative.image_ids)))
    return found


def _clean_text(creative: Creative) -> str:
    """Return the text of an ad with a video of the library; a Spark Ad's is compared with its caption elsewhere."""
    if creative.kind == "spark":
        return ""
    text = clean_text(creative.ad_text, field="ad_text", limit=AD_TEXT_CHARACTERS)
    emoji = find_emoji(text)
    if emoji is not None:
        raise AdRefused(errors.NO_EMOJI, field="ad_text", sign=f"U+{ord(emoji):04X}")
    return text


def _clean_call_to_action(creative: Creative, aim: Aim) -> str:
    """Return the code of the one button; empty when buttons of a portfolio are shown, or none is."""
    value = creative.call_to_action
    if value and call_to_actions.find(value) is None:
        choices = ", ".join(row.code for row in call_to_actions.all())
        raise AdRefused(errors.CALL_TO_ACTION_UNKNOWN, field="call_to_action", value=value[:40], choices=choices)
    if creative.portfolio_id is not None:
        return ""
    if not value and aim.goal in NEEDS_CLICK:
        raise AdRefused(errors.CALL_TO_ACTION_REQUIRED, field="call_to_action")
    return value


def _clean_page(value: str, aim: Aim) -> str:
    """Return the landing page's address: https, or on this machine in a sandbox and a demo."""
    if not value:
        if aim.needs_page:
            raise AdRefused(errors.LANDING_PAGE_REQUIRED, field="landing_page_url")
        return ""
    if aim.goal in LEADS_TO_PROFILE:
        raise AdRefused(errors.LANDING_PAGE_NOT_TAKEN, field="landing_page_url")
    return clean_public_url(value, field="landing_page_url", listed=LOOPBACK if aim.plain_pages else NO_HOSTS)


def _clean_tracker(value: str, field: str) -> str:
    return clean_public_url(value, field=field) if value else ""


def _clean_utm(values: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Return parameters that the landing page's address will carry, each name once."""
    if len(values) > UTM_PARAMETERS:
        raise AdRefused(errors.UTM_FORM, field="utm_params", rule=N_("at most 20 of them are taken"))
    found: dict[str, str] = {}
    for place, (key, value) in enumerate(values):
        at = f"utm_params[{place}]"
        name = clean_text(key, field=f"{at}.key", limit=UTM_CHARACTERS)
        if name in found:
            raise AdRefused(errors.UTM_FORM, field=f"{at}.key", rule=N_("its name is given twice"))
        found[name] = clean_text(value, field=f"{at}.value", limit=UTM_CHARACTERS, empty=True)
    return [{"key": key, "value": value} for key, value in found.items()]


def check_format(given: str, *, is_carousel: bool) -> str:
    """Return the format of what is shown. Raises: ``ad_format_mismatch``."""
    expected = CAROUSEL if is_carousel else VIDEO
    if given not in ("", expected):
        raise AdRefused(errors.FORMAT_OF_AD, field="ad_format", expected=expected, got=given[:40])
    return expected


def suggested_cover(image_id: str, video_id: str) -> tuple[int, int] | None:
    """Return of how many suggested pictures of a video an id names which, both from 1; None when it names none."""
    match = SUGGESTED.fullmatch(image_id)
    if match is None or match["video"] != video_id or int(match["place"]) > int(match["count"]):
        return None
    return int(match["count"]), int(match["place"])


def check_ratio(cover: tuple[int, int], video: tuple[int, int]) -> None:
    """Refuse a cover of another shape than the video; sizes are width and height. Raises: ``ad_cover_ratio``."""
    across, down = cover[0] * video[1], cover[1] * video[0]
    if abs(across - down) * COVER_MARGIN > max(across, down):
        raise AdRefused(
            errors.COVER_RATIO,
            field="image_ids",
            cover=f"{cover[0]} × {cover[1]}",
            video=f"{video[0]} × {video[1]}",
        )


REVIEWED = frozenset(
    {
        "identity_id",
        "post_id",
        "video_id",
        "image_ids",
        "ad_text",
        "call_to_action",
        "portfolio_id",
        "landing_page_url",
        "deeplink",
        "impression_tracking_url",
        "click_tracking_url",
    }
)
"""What a review and a creator's word look at: whoever changes one of these asks for both again.

Addresses of trackers are among them: viewers' devices are sent there, so a person sees where.
"""
UTM = "utm_"
"""How the names of parameters begin that only tell a page where its visitor came from."""


def changes_creative(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether a change of columns, from what they were to what they are, is one of what is reviewed.

    So is one of the landing page's parameters, but for those whose names begin with ``utm_``: any other may show
    another page, or lead to one, at an address that was approved.
    """
    return bool(REVIEWED & before.keys()) or _leading(before) != _leading(after)


def _leading(columns: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the parameters that may change what a page shows."""
    return [one for one in columns.get("utm_params", ()) if not one["key"].startswith(UTM)]
