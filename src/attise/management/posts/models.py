"""Tables of posts."""

from django.db import models

from attise.kernel.limits import COMMENT_CHARACTERS
from attise.management.accounts.models import Advertiser, Creator


class Media(models.Model):
    """One stored file with its cover, or the pictures of a carousel, written once under an unguessable key.

    It is never changed.

    A file of a host that keeps its own (``source_url``) is only described here.
    """

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=26, unique=True)
    kind = models.CharField(max_length=5)
    """``video`` or ``image``."""
    source_url = models.CharField(max_length=2048, blank=True)
    signature_md5 = models.CharField(max_length=32)
    file_name = models.CharField(max_length=12)
    """``video.mp4``, ``video.webm``, ``image.jpg``…; the cover, if any, is ``cover.jpg``."""
    has_cover = models.BooleanField(default=False)
    size_bytes = models.BigIntegerField()
    duration_ms = models.IntegerField(default=0)
    width = models.IntegerField()
    height = models.IntegerField()
    bit_rate = models.IntegerField(default=0)
    frames_per_1000_s = models.IntegerField(default=0)
    video_codec = models.CharField(max_length=20, blank=True)
    audio_codec = models.CharField(max_length=20, blank=True)
    others = models.JSONField(default=list)
    """Of a carousel: what is said of the pictures after the first, in their order (``views.PictureView``)."""
    created_at_ms = models.BigIntegerField()


class Post(models.Model):
    """An organic video of a creator.

    States: ``processing`` (its file is being encoded) → ``live``, or ``removed`` when it cannot be; ``in_review``,
    ``hidden`` and ``removed`` are moderation's, which may put any of them back to ``live``; ``deleted`` is the author's
    and final (the row stays as a tombstone). ``locked_until_ms`` is kept by authorizations: until then caption and
    media do not change.
    """

    class State(models.TextChoices):
        """Where the post stands."""

        PROCESSING = "processing"
        LIVE = "live"
        IN_REVIEW = "in_review"
        HIDDEN = "hidden"
        REMOVED = "removed"
        DELETED = "deleted"

    class Format(models.TextChoices):
        """What sort of post it is."""

        VIDEO = "video"
        STORY = "story"
        CAROUSEL = "carousel"
        DUET = "duet"
        STITCH = "stitch"

    class Visibility(models.TextChoices):
        """Who may see it organically."""

        PUBLIC = "public"
        FOLLOWERS = "followers"
        PRIVATE = "private"

    id = models.BigIntegerField(primary_key=True)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+", null=True)
    pending_file = models.CharField(max_length=64, blank=True)
    """The name of the upload that waits to be encoded, empty when none does."""
    pending_edits = models.JSONField(null=True)
    """What is done to it then (``editing.edits.Edits``), where its creator asked for something."""
    encoding_tries = models.SmallIntegerField(default=0)
    """How often encoding was begun; a file that ends the worker each time is given up."""
    format = models.CharField(max_length=10, choices=Format.choices)
    of_post = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    """Of a duet or stitch: the post it was made with."""
    caption = models.TextField()
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    ads_only = models.BooleanField(default=False)
    sound = models.CharField(max_length=100, blank=True)
    tags = models.JSONField(default=list)
    category = models.CharField(max_length=40, blank=True)
    allow_comments = models.BooleanField(default=True)
    allow_duet = models.BooleanField(default=True)
    allow_stitch = models.BooleanField(default=True)
    partnership = models.BooleanField(default=False)
    """Whether *Collaboration commerciale* is shown; set by its author or by a paid grant, it stays."""
    state = models.CharField(max_length=10, choices=State.choices)
    state_reason = models.CharField(max_length=200, blank=True)
    locked_until_ms = models.BigIntegerField(default=0)
    published_at_ms = models.BigIntegerField()
    created_at_ms = models.BigIntegerField()
    modified_at_ms = models.BigIntegerField()
    deleted_at_ms = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["creator", "-id"], name="post_of_creator"),
            models.Index(fields=["pending_file"], name="post_pending"),
            models.Index(fields=["-published_at_ms", "-id"], name="post_newest"),
        ]


class Preflight(models.Model):
    """What a post's video shows and sounds like, for advice to its creator (``posts.preflight``).

    States: *waiting* (nothing seen, no reason), *done* (``seen``), *failed* (``reason``). The row is written with the
    post's file and goes when the post is deleted; the worker fills it. What is advised is worked out when it is read,
    with the caption of that moment.
    """

    post = models.OneToOneField(Post, models.PROTECT, related_name="+", primary_key=True)
    tries = models.SmallIntegerField(default=0)
    """How often looking was begun; a file that ends the worker each time is given up."""
    begun_at_ms = models.BigIntegerField(default=0)
    """Wire time of the last try."""
    seen = models.JSONField(null=True)
    """``preflight.looking.Seen``."""
    reason = models.CharField(max_length=60, blank=True)
    """The code of why it cannot be looked at."""

    class Meta:
        indexes = [
            models.Index(
                fields=["post"], name="posts_preflight_waiting", condition=models.Q(seen__isnull=True, reason="")
            ),
        ]


class Owned(models.Model):
    """What is a creator's, or an advertiser's: a video on its way to a post, or to an ad. One of the two is set."""

    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+", null=True)
    advertiser = models.ForeignKey(Advertiser, models.PROTECT, related_name="+", null=True)

    class Meta:
        abstract = True

    @property
    def owner_id(self) -> int:
        """Whose it is: ids of creators and advertisers are never the same."""
        return self.creator_id or self.advertiser_id


def _one_owner(name: str) -> models.CheckConstraint:
    one = models.Q(creator__isnull=True, advertiser__isnull=False) | models.Q(
        creator__isnull=False, advertiser__isnull=True
    )
    return models.CheckConstraint(condition=one, name=name)


class Unpublished(Owned):
    """A video that is looked over before anything is made of it: its file, and the words as they were typed.

    States: *waiting*, *done*, *failed*, as of ``Preflight``; in each of them it may be used, which makes a post of a
    creator's and a video of an advertiser's library, and lets the row go, or be let go of; after a day it is. What was
    sent stays until then, whatever is done to it.
    """

    id = models.BigIntegerField(primary_key=True)
    media = models.ForeignKey(Media, models.PROTECT, related_name="+", null=True)
    pending_file = models.CharField(max_length=64, blank=True)
    """The name of the upload, where it will have to be encoded; empty where ``media`` is there."""
    typed = models.JSONField(default=dict)
    """What a door keeps of its form, by field; nothing of it is checked. ``caption`` is read for the advice."""
    kept_at_ms = models.BigIntegerField()
    """Wire time."""
    tries = models.SmallIntegerField(default=0)
    begun_at_ms = models.BigIntegerField(default=0)
    seen = models.JSONField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    """These four as of ``Preflight``; they speak of the edited video where there is one."""
    edits = models.JSONField(null=True)
    """What its creator does to it (``editing.edits.Edits``); None: nothing."""
    edited = models.ForeignKey(Media, models.PROTECT, related_name="+", null=True)
    """The video with its edits, once the worker has rendered it."""
    rendering_tries = models.SmallIntegerField(default=0)
    """How often the worker began to convert or to render it."""
    rendering_reason = models.CharField(max_length=60, blank=True)
    """The code of why it cannot be converted or rendered."""

    class Meta:
        indexes = [
            models.Index(fields=["creator", "-id"], name="posts_unpublished_of_creator"),
            models.Index(fields=["advertiser", "-id"], name="posts_unpublished_of_brand"),
            models.Index(fields=["kept_at_ms"], name="posts_unpublished_old"),
        ]
        constraints = [_one_owner("posts_unpublished_one_owner")]


class Upload(Owned):
    """A video that is being received piece by piece, for whoever sends over a network that breaks.

    What was received is the length of its file, and stands nowhere else: a process that dies loses nothing that it
    acknowledged. The row goes when a post, or a video that waits, is made of the file, or a day after it was begun.
    """

    id = models.BigIntegerField(primary_key=True)
    file_name = models.CharField(max_length=64, unique=True)
    """In the uploads folder."""
    size_bytes = models.BigIntegerField()
    """As announced; no more is taken."""
    begun_at_ms = models.BigIntegerField()
    """Wire time."""

    class Meta:
        indexes = [
            models.Index(fields=["creator", "id"], name="posts_upload_of_creator"),
            models.Index(fields=["advertiser", "id"], name="posts_upload_of_brand"),
            models.Index(fields=["begun_at_ms"], name="posts_upload_old"),
        ]
        constraints = [_one_owner("posts_upload_one_owner")]


class Comment(models.Model):
    """What somebody said under a post; kept at the post, wherever it was written.

    States: *shown*, or *hidden* by the post's creator or the operator, either way. ``event`` holds the comment's entry
    for the log of events until it is there: what is counted is counted from the log, as everything is.
    """

    class State(models.TextChoices):
        """Whether it is told to others."""

        SHOWN = "shown"
        HIDDEN = "hidden"

    BY_OPERATOR = "operator "

    id = models.BigIntegerField(primary_key=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    viewer_id = models.BigIntegerField(db_index=True)
    text = models.CharField(max_length=COMMENT_CHARACTERS)
    state = models.CharField(max_length=6, choices=State.choices)
    hidden_by = models.CharField(max_length=60, blank=True)
    """As histories say it, after ``BY_OPERATOR`` where the operator hid it; empty while it is shown."""
    at_ms = models.BigIntegerField()
    ad_id = models.BigIntegerField(default=0)
    """The ad that it was written on; 0: in the feed, or by an earlier release, which did not say."""
    event = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["post", "id"], name="posts_comment_of_post"),
            models.Index(fields=["ad_id", "id"], name="posts_comment_of_ad", condition=models.Q(ad_id__gt=0)),
            models.Index(fields=["id"], name="posts_comment_untold", condition=models.Q(event__isnull=False)),
        ]
