"""What is past its end is thrown away."""

from __future__ import annotations

from django.db.models import Max

from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.management.accounts.models import CreatorCode, Link, OAuthCode


def sweep(means: Means) -> int:
    """Delete links and codes that ended more than a day ago; returns how many. Run as often as one likes.

    The last link of each person stays: the operator's list of people tells when it was made, and whether it was used.
    """
    before = means.clock.wire_ms() - DAY_MS
    last = Link.objects.filter(person__isnull=False).values("person").annotate(last=Max("id")).values("last")
    links, _ = Link.objects.filter(expires_at_ms__lt=before).exclude(id__in=last).delete()
    codes, _ = OAuthCode.objects.filter(expires_at_ms__lt=before).delete()
    creator_codes, _ = CreatorCode.objects.filter(expires_at_ms__lt=before).delete()
    return links + codes + creator_codes
