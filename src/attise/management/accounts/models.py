"""Tables of accounts. Times are epoch milliseconds: world time for what people plan, wire time for lives of secrets."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Finds people by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str) -> "Person":
        """Return the person of an e-mail address."""
        return self.get(email=username.strip().lower())


class Person(AbstractBaseUser):
    """Someone who signs in. One person may hold several consoles.

    ``email`` is stored lower case. No usable password until one is set through a link.
    """

    id = models.BigIntegerField(primary_key=True)
    email = models.CharField(max_length=254, unique=True)
    display_name = models.CharField(max_length=100)
    language = models.CharField(max_length=5, default="")
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at_ms = models.BigIntegerField()

    objects = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []


class BusinessCenter(models.Model):
    """The organisation above advertisers."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    company = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=64)
    created_at_ms = models.BigIntegerField()


class Member(models.Model):
    """A person in a Business Center. ``removed_at_ms`` set: what they granted is dead."""

    class Role(models.TextChoices):
        """What they may administer."""

        ADMIN = "ADMIN"
        STANDARD = "STANDARD"

    class AdvertiserRole(models.TextChoices):
        """What they may do in advertisers."""

        ADMIN = "ADMIN"
        OPERATOR = "OPERATOR"
        ANALYST = "ANALYST"
        NONE = ""

    class FinanceRole(models.TextChoices):
        """What they may do with money."""

        MANAGER = "MANAGER"
        ANALYST = "ANALYST"
        NONE = ""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    business_center = models.ForeignKey(BusinessCenter, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices)
    advertiser_role = models.CharField(max_length=10, choices=AdvertiserRole.choices, blank=True)
    finance_role = models.CharField(max_length=10, choices=FinanceRole.choices, blank=True)
    created_at_ms = models.BigIntegerField()
    removed_at_ms = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "business_center"],
                condition=models.Q(removed_at_ms__isnull=True),
                name="member_once",
            )
        ]


class Advertiser(models.Model):
    """The account that pays. ``payer_name`` is who paid, if not the company; ``category`` feeds the gates of ads."""

    id = models.BigIntegerField(primary_key=True)
    business_center = models.ForeignKey(BusinessCenter, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    company = models.CharField(max_length=200)
    payer_name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=64)
    timezone_changed_at_ms = models.BigIntegerField(null=True)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=5)
    category = models.CharField(max_length=40)
    industry = models.CharField(max_length=40, blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    promotion_link = models.CharField(max_length=2048, blank=True)
    ads_only_mode = models.BooleanField(default=False)
    status = models.CharField(max_length=40, default="STATUS_ENABLE")
    external_key = models.CharField(max_length=120, null=True, unique=True)
    """The name ``attise token`` was asked for; the same name finds the same advertiser."""
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()


class Creator(models.Model):
    """Who publishes. ``person`` is the one who may act for it in consoles; a host acts for the others."""

    class State(models.TextChoices):
        """Whether the account exists for others."""

        ACTIVE = "active"
        SUSPENDED = "suspended"
        """By an operator, who may restore it: until then as good as gone, and nothing is lost."""
        GONE = "gone"

    id = models.BigIntegerField(primary_key=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+", null=True)
    handle = models.CharField(max_length=24, unique=True)
    display_name = models.CharField(max_length=100)
    bio = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=5, blank=True)
    categories = models.JSONField(default=list)
    birth_date = models.DateField(null=True)
    is_business = models.BooleanField(default=False)
    legal_answers = models.JSONField(default=dict)
    """Defaults of the disclosures asked for at authorization: ``retouched``, ``ai_generated``."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    created_at_ms = models.BigIntegerField()


class Link(models.Model):
    """A single-use link sent or printed: sign-in, password reset, or an invitation. Lives on wire time."""

    class Purpose(models.TextChoices):
        """What following the link does."""

        SIGN_IN = "sign_in"
        RESET = "reset"
        INVITATION = "invitation"

    id = models.BigIntegerField(primary_key=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", null=True)
    console = models.CharField(max_length=12, blank=True)
    invitation = models.JSONField(null=True)
    """Of an invitation: Business Center, e-mail, roles, who invited."""
    expires_at_ms = models.BigIntegerField()
    used_at_ms = models.BigIntegerField(null=True)
    created_at_ms = models.BigIntegerField()


class App(models.Model):
    """A developer app of the dialect: what asks for an advertiser's agreement over OAuth."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64)
    redirect_uris = models.JSONField(default=list)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    created_at_ms = models.BigIntegerField()


class OAuthCode(models.Model):
    """A person's agreement on its way to an app; one hour, once."""

    id = models.BigIntegerField(primary_key=True)
    app = models.ForeignKey(App, models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    advertiser_ids = models.JSONField()
    scopes = models.JSONField()
    redirect_uri = models.CharField(max_length=2048)
    expires_at_ms = models.BigIntegerField()
    used_at_ms = models.BigIntegerField(null=True)


class AccessToken(models.Model):
    """A credential of the dialect: opaque, hashed, for named advertisers, until revoked.

    ``person`` is who granted it: it dies with their membership. None: granted by the operator on the command line.
    """

    id = models.BigIntegerField(primary_key=True)
    app = models.ForeignKey(App, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, blank=True)
    scopes = models.JSONField()
    created_at_ms = models.BigIntegerField()
    revoked_at_ms = models.BigIntegerField(null=True)


class TokenAdvertiser(models.Model):
    """One advertiser that a token may act for."""

    id = models.BigAutoField(primary_key=True)
    token = models.ForeignKey(AccessToken, models.CASCADE, related_name="advertisers")
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "advertiser"], name="token_advertiser_once")]


class CreatorCode(models.Model):
    """A creator's agreement on its way to an app; one hour, once."""

    id = models.BigIntegerField(primary_key=True)
    app = models.ForeignKey(App, models.CASCADE, related_name="+")
    creator = models.ForeignKey(Creator, models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    redirect_uri = models.CharField(max_length=2048)
    expires_at_ms = models.BigIntegerField()
    used_at_ms = models.BigIntegerField(null=True)


class CreatorToken(models.Model):
    """An app's credential for one creator's account. Lives on wire time.

    States: *live* until ``expires_at_ms``, then *stale* until the refresh token, good until
    ``refresh_expires_at_ms``, makes its access token anew; *revoked* is final.
    """

    id = models.BigIntegerField(primary_key=True)
    app = models.ForeignKey(App, models.CASCADE, related_name="+")
    creator = models.ForeignKey(Creator, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    refresh_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    expires_at_ms = models.BigIntegerField()
    refresh_expires_at_ms = models.BigIntegerField()
    created_at_ms = models.BigIntegerField()
    revoked_at_ms = models.BigIntegerField(null=True)


class Sanction(models.Model):
    """What an operator did to an account, and why. Append-only; whether it is suspended is on the account's own row."""

    id = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=12)
    """``login``, ``creator`` or ``advertiser``."""
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=12)
    """``suspended`` or ``restored``."""
    reason = models.CharField(max_length=500)
    """Its owner reads it."""
    is_strike = models.BooleanField()
    """Whether it counts against the account for good."""
    actor = models.CharField(max_length=60)
    origin = models.CharField(max_length=60, blank=True)
    at_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "-id"], name="sanction_of_account")]


class Look(models.Model):
    """An operator looks at the consoles of a login as its person sees them, read only, for a reason and a while."""

    id = models.BigIntegerField(primary_key=True)
    operator = models.ForeignKey(Person, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    """Its person reads it."""
    at_ms = models.BigIntegerField()
    until_wire_ms = models.BigIntegerField()
    """When it ends by itself, on the clock of machines: a browser waits on no other."""
    ended_at_ms = models.BigIntegerField(null=True)
    """Null: under way, or past its end and not yet written down."""

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="look_at_person"),
            models.Index(fields=["until_wire_ms"], name="look_due", condition=models.Q(ended_at_ms=None)),
        ]


class HostKey(models.Model):
    """A key of the host of this installation: the operator's credential on ``/v1``."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    key_hash = models.CharField(max_length=64, unique=True)
    created_at_ms = models.BigIntegerField()
    revoked_at_ms = models.BigIntegerField(null=True)
