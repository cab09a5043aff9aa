"""What is past its end is thrown away."""

from __future__ import annotations

from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.management.accounts.models import CreatorCode, Link, OAuthCode


def sweep(means: Means) -> int:
    """Delete links and codes that ended more than a day ago; returns how many. Run as often as one likes."""
    before = means.clock.wire_ms() - DAY_MS
    links, _ = Link.objects.filter(expires_at_ms__lt=before).delete()
    codes, _ = OAuthCode.objects.filter(expires_at_ms__lt=before).delete()
    creator_codes, _ = CreatorCode.objects.filter(expires_at_ms__lt=before).delete()
    return links + codes + creator_codes
