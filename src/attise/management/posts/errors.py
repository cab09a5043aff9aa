"""What this room refuses: codes, sentences and next steps."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason
from attise.records import declared

CAPTION_LOCKED = Reason(
    "caption_locked",
    N_("The caption cannot be changed while authorizations of this post live: until %(until)s."),
    N_("Wait until then, or revoke the authorizations first."),
)
FORMAT_UNKNOWN = Reason(
    "format_unknown",
    N_("This format is not known; the formats are: %(choices)s."),
    N_("Choose one of the formats listed."),
)
VISIBILITY_UNKNOWN = Reason(
    "visibility_unknown",
    N_("This visibility is not known; the visibilities are: %(choices)s."),
    N_("Choose one of the visibilities listed."),
)
CATEGORY_UNKNOWN = declared.CATEGORY_UNKNOWN
TOO_MANY_TAGS = Reason(
    "too_many_tags",
    N_("The post has %(got)s tags; at most %(limit)s are taken."),
    N_("Keep the tags that matter most."),
)
OF_POST_REQUIRED = Reason(
    "of_post_required",
    N_("A duet or a stitch is made with another post, which is not named."),
    N_("Say which post it was made with."),
)
OF_POST_NOT_EXPECTED = Reason(
    "of_post_not_expected",
    N_("Only a duet or a stitch is made with another post."),
    N_("Remove the other post, or change the format."),
)
OF_POST_NOT_PUBLIC = Reason(
    "of_post_not_public",
    N_("The post it was made with is not public."),
    N_("Make that post public first, or choose another one."),
)
DUET_NOT_ALLOWED = Reason(
    "duet_not_allowed",
    N_("The author of that post does not allow duets with it."),
    N_("Choose another post, or ask the author."),
)
STITCH_NOT_ALLOWED = Reason(
    "stitch_not_allowed",
    N_("The author of that post does not allow stitches of it."),
    N_("Choose another post, or ask the author."),
)
PUBLISHED_AT_NOT_ALLOWED = Reason(
    "published_at_not_allowed",
    N_("A post is published when it is sent; another date is only taken in a sandbox."),
    N_("Remove the date of publication."),
)
PUBLISHED_AT_OUT_OF_SPAN = Reason(
    "published_at_out_of_span",
    N_("A post can be dated at most %(years)s years back, and never ahead of the sandbox's clock."),
    N_("Correct the date of publication."),
)
FILE_REQUIRED = Reason(
    "file_required",
    N_("A post needs its file, or the address of the file on your own server."),
    N_("Send a file, or give an https address and the MD5 of what is there."),
)
TOO_MANY_UNPUBLISHED = Reason(
    "too_many_unpublished",
    N_("%(limit)s videos already wait to be published; no more are kept at a time."),
    N_("Publish one of them or let it go, then send this one again."),
)
FILE_OR_UNPUBLISHED = Reason(
    "file_or_unpublished",
    N_("A post is made of a video that waits to be published, or of another file, not of both."),
    N_("Name the video alone, or send the file alone."),
)
UPLOAD_SIZE = Reason(
    "upload_size",
    N_("An upload announces a size of 1 to %(limit)s bytes."),
    N_("Announce the size of the file; a larger video has to be made smaller first."),
)
UPLOAD_TOO_LARGE = Reason(
    "upload_too_large",
    N_("More was sent than the %(limit)s bytes that were announced."),
    N_("Ask how much was received, and send what is missing alone."),
    Kind.TOO_LARGE,
)
UPLOAD_ELSEWHERE = Reason(
    "upload_elsewhere",
    N_("%(received)s bytes were received; what was sent begins at %(got)s."),
    N_("Go on from what was received."),
    Kind.CONFLICT,
)
UPLOAD_BUSY = Reason(
    "upload_busy",
    N_("A piece of this upload is being received at this moment."),
    N_("Ask in a moment how much was received, and go on from there."),
    Kind.CONFLICT,
)
UPLOAD_NOT_WHOLE = Reason(
    "upload_not_whole",
    N_("This upload is not whole: %(received)s of %(size)s bytes were received."),
    N_("Send what is missing first."),
    Kind.CONFLICT,
)
EDIT_OUTSIDE = Reason(
    "edit_outside",
    N_("This moment is outside of what stays of the video: from %(least)s to %(most)s seconds."),
    N_("Choose a moment within it, or cut the video otherwise."),
)
EDIT_TOO_SHORT = Reason(
    "edit_too_short",
    N_("What stays of the video is too short: at least %(least)s s are needed."),
    N_("Cut less of it off."),
)
EDIT_TEXTS = Reason(
    "edit_texts",
    N_("At most %(limit)s texts go over a video."),
    N_("Keep the ones that matter most."),
)
EDIT_TEXT_LINES = Reason(
    "edit_text_lines",
    N_("A text over a video has at most %(limit)s lines."),
    N_("Shorten it, or make two of it."),
)
EDIT_SIGN = Reason(
    "edit_sign",
    N_("This sign cannot be drawn over a video: %(sign)s"),
    N_("Leave it out; the caption takes it."),
)
EDIT_SOUND = Reason(
    "edit_sound",
    N_("This sound is not known; the sounds are: %(choices)s."),
    N_("Choose one of the sounds listed."),
)
EDIT_LEVEL = Reason(
    "edit_level",
    N_("A level is 0 to 100 percent."),
    N_("Choose a level between the two."),
)
EDITS_FAILED = Reason(
    "edits_failed",
    N_("This video could not be made with its edits."),
    N_("Change them or take them away, then publish."),
    Kind.CONFLICT,
)
NOT_YET_EDITED = Reason(
    "video_not_ready_to_edit",
    N_("This video is still being prepared and cannot be edited yet."),
    N_("Try again in a minute."),
    Kind.CONFLICT,
)
NEVER_EDITED = Reason(
    "video_not_converted",
    N_("This video could not be converted, so there is nothing to edit."),
    N_("Export it as mp4 (H.264 and AAC), then send it again."),
    Kind.CONFLICT,
)
FILE_OR_UPLOAD = Reason(
    "file_or_upload",
    N_("A post is made of an upload, or of another file, not of both."),
    N_("Name the upload alone, or send the file alone."),
)
FILE_OR_ADDRESS = Reason(
    "file_or_address",
    N_("A post has a file or an address, not both."),
    N_("Send the file alone, or the address alone."),
)
SEVERAL_FILES = Reason(
    "several_files_not_expected",
    N_("Only a photo carousel is made of several files."),
    N_("Send one file, or change the format to carousel."),
)
TOO_MANY_PICTURES = Reason(
    "too_many_pictures",
    N_("A carousel has at most %(limit)s pictures; more were sent."),
    N_("Keep the pictures that matter most."),
)
MD5_FORM = Reason(
    "md5_form",
    N_("An MD5 is 32 characters of 0-9 and a-f."),
    N_("Compute the MD5 of the file and send it in hexadecimal."),
)
MD5_WITHOUT_ADDRESS = Reason(
    "md5_without_address",
    N_("An MD5 goes with an address; a file that is sent needs none."),
    N_("Remove the MD5, or give the address of the file."),
)
MD5_MISMATCH = Reason(
    "md5_mismatch",
    N_("What was received is not the file that was announced: its MD5 is %(got)s."),
    N_("Check the file and its MD5, then send again."),
)
NOT_PLAYABLE = Reason(
    "media_not_playable",
    N_("Browsers cannot play the video at this address, and it is not stored here to be converted."),
    N_("Convert it to mp4 (H.264 and AAC) on your server, or send the file itself."),
)
STATE_NOT_MODERATION = Reason(
    "state_not_moderation",
    N_("Moderation puts a post in one of these states: %(choices)s."),
    N_("Choose one of the states listed."),
)
NO_FILE = Reason(
    "post_has_no_file",
    N_("This post has no file to show: it could not be converted."),
    N_("Its author can publish it again with another file."),
)
EMPTY_EDIT = Reason(
    "empty_edit",
    N_("Nothing to change was sent."),
    N_("Send a caption, a visibility, or both."),
)
ENCODING_FAILED = Reason(
    "encoding_failed",
    N_("The video could not be converted after %(tries)s tries."),
    N_("Export it as mp4 (H.264 and AAC), then publish it again."),
)
COMMENT_HELD = Reason(
    "comment_held",
    N_("The operator hid this comment."),
    N_("Only the operator can show it again."),
    Kind.CONFLICT,
)
COMMENTS_CLOSED = Reason(
    "comments_closed",
    N_("The author of this post takes no comments on it."),
    N_("There is nothing to send again; the author can open comments."),
)
