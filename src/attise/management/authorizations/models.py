"""Tables of authorizations. States and arrows are told in the room's docstring; rules are in ``rules``."""

from django.db import models

from attise.management.accounts.models import Advertiser, BusinessCenter, Creator
from attise.management.posts.models import Post


class Authorization(models.Model):
    """A creator's grant: one post by code, the account to a Business Center, or the account to its own advertiser.

    The stored ``state`` is ``issued``, ``bound`` or ``revoked``; *expired* is never stored, it is the clock past
    ``ends_at_ms``, and a revocation at the end of campaigns is the clock past ``revoke_at_ms``.
    """

    class Kind(models.TextChoices):
        """What the grant covers."""

        POST = "post"
        ACCOUNT = "account"
        OWN = "own"

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", null=True)
    business_center = models.ForeignKey(BusinessCenter, models.PROTECT, related_name="+", null=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+", null=True)
    permissions = models.JSONField(default=list)
    state = models.CharField(max_length=8)
    days = models.SmallIntegerField(null=True)
    starts_at_ms = models.BigIntegerField()
    ends_at_ms = models.BigIntegerField(null=True)
    revoke_at_ms = models.BigIntegerField(null=True)
    revoke_when = models.CharField(max_length=14, blank=True)
    terms = models.JSONField(default=dict)
    terms_version = models.IntegerField(default=1)
    code_hash = models.CharField(max_length=64, null=True, unique=True)
    code_mask = models.CharField(max_length=20, blank=True)
    replaced_by_id = models.BigIntegerField(null=True)
    told_days = models.SmallIntegerField(default=99)
    """The last reminder told: 7, 3, 1, or 0 once the end was told; 99 before any."""
    history_count = models.IntegerField(default=0)
    history_head = models.CharField(max_length=64, blank=True)
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["post", "-id"], name="authorization_of_post"),
            models.Index(fields=["creator", "-id"], name="authorization_of_creator"),
            models.Index(fields=["ends_at_ms"], condition=models.Q(told_days__gt=0), name="authorization_to_remind"),
            models.Index(fields=["ends_at_ms"], name="authorization_to_end"),
            models.Index(
                fields=["revoke_at_ms"], condition=models.Q(revoke_at_ms__isnull=False), name="authorization_to_revoke"
            ),
        ]


class Identity(models.Model):
    """The account shown as author of an advertiser's ads: one per advertiser, creator and way of access."""

    class Type(models.TextChoices):
        """How the advertiser may use the account."""

        AUTH_CODE = "AUTH_CODE"
        TT_USER = "TT_USER"
        BC_AUTH_TT = "BC_AUTH_TT"

    id = models.BigIntegerField(primary_key=True)
    identity_id = models.CharField(max_length=40, unique=True)
    identity_type = models.CharField(max_length=12, choices=Type.choices)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+")
    business_center = models.ForeignKey(BusinessCenter, models.PROTECT, related_name="+", null=True)
    created_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advertiser", "creator", "identity_type"], name="identity_once")]


class Binding(models.Model):
    """An advertiser's hold on a grant: by applying a code, or by an account access assigned to it.

    ``sealed_code`` gives the code back, byte for byte, to that advertiser alone. *Unbound* when ``ended_at_ms`` is set.
    """

    id = models.BigIntegerField(primary_key=True)
    authorization = models.ForeignKey(Authorization, models.PROTECT, related_name="+")
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    identity = models.ForeignKey(Identity, models.PROTECT, related_name="+")
    sealed_code = models.BinaryField(null=True)
    in_library = models.BooleanField(default=False)
    """Whether its post stands in the library by this binding: by code, the newest of its post, not ended."""
    bound_at_ms = models.BigIntegerField()
    ended_at_ms = models.BigIntegerField(null=True)
    envelope_id = models.BigIntegerField(null=True)
    """The ledger's envelope of what this advertiser may spend on the grant; open as long as the hold lives."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authorization", "advertiser"], name="binding_once")]
        indexes = [
            models.Index(fields=["advertiser", "-id"], condition=models.Q(in_library=True), name="binding_in_library"),
        ]


class AccountUse(models.Model):
    """A post that an ad shows by a grant of its whole account: its caption is held as long as that grant lives."""

    id = models.BigIntegerField(primary_key=True)
    authorization = models.ForeignKey(Authorization, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authorization", "post"], name="account_use_once")]


class AccessRequest(models.Model):
    """A Business Center's question to a creator: may we use your account? A single-use link of ten minutes.

    States: *pending* → *accepted* or *refused* by one creator; *expired* is the clock past ``expires_at_ms``.
    """

    id = models.BigIntegerField(primary_key=True)
    business_center = models.ForeignKey(BusinessCenter, models.PROTECT, related_name="+")
    permissions = models.JSONField()
    secret_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8)
    asked_by = models.CharField(max_length=60)
    answered_by = models.CharField(max_length=60, blank=True)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+", null=True)
    authorization = models.ForeignKey(Authorization, models.PROTECT, related_name="+", null=True)
    expires_at_ms = models.BigIntegerField()
    answered_at_ms = models.BigIntegerField(null=True)
    created_at_ms = models.BigIntegerField()


class PostRequest(models.Model):
    """An advertiser's question to a creator, whether it may show a post as an ad.

    States: *pending* → *accepted* or *refused* by the creator, *withdrawn* by the advertiser. Of one advertiser and
    post one is pending at a time. To accept is to grant the post and to have the advertiser apply the code, at once.
    """

    id = models.BigIntegerField(primary_key=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    days = models.SmallIntegerField()
    """For how long it is wished; the creator may give another time."""
    state = models.CharField(max_length=9)
    asked_by = models.CharField(max_length=60)
    answered_by = models.CharField(max_length=60, blank=True)
    authorization = models.ForeignKey(Authorization, models.PROTECT, related_name="+", null=True)
    answered_at_ms = models.BigIntegerField(null=True)
    created_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["advertiser", "post"], condition=models.Q(state="pending"), name="post_request_once"
            )
        ]
        indexes = [models.Index(fields=["creator", "state", "-id"], name="post_request_of_creator")]


class HistoryEntry(models.Model):
    """One thing that happened to a grant: who, when, from where, before and after. Append-only, chained by hash."""

    id = models.BigIntegerField(primary_key=True)
    authorization = models.ForeignKey(Authorization, models.PROTECT, related_name="+")
    number = models.IntegerField()
    at_ms = models.BigIntegerField()
    verb = models.CharField(max_length=30)
    actor = models.CharField(max_length=60)
    """``host:<key id>``, ``person:<id>``, ``token:<id>``, ``clock``."""
    origin = models.CharField(max_length=60, blank=True)
    """Where from: a truncated address."""
    body = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authorization", "number"], name="history_number")]
