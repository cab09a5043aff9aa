"""Why one event of a batch is not taken; the others are, or are not, for reasons of their own."""

from __future__ import annotations

from typing import Final

from attise.kernel.errors import N_, Reason
from attise.records.token import TokenFault

TOKEN_MALFORMED = Reason(
    TokenFault.MALFORMED.value,
    N_("This is not an item token of this house."),
    N_("Send the item token as it was given, unchanged."),
)
TOKEN_INVALID = Reason(
    TokenFault.FORGED.value,
    N_("This item token was changed, or was not made here."),
    N_("Send the item token as it was given, unchanged."),
)
TOKEN_EXPIRED = Reason(
    TokenFault.EXPIRED.value,
    N_("This item token is too old for such an event."),
    N_("Drop the event: it came too late to count."),
)
TOKEN_TYPE = Reason(
    TokenFault.TYPE.value,
    N_("No such event comes of such an item."),
    N_("Check the type against the kind of the item."),
)
TOKEN_OF_ANOTHER = Reason(
    "token_of_another",
    N_("This item token was given to another viewer."),
    N_("Send the event with its own viewer, or leave viewer_id out."),
)
TOKEN_REQUIRED = Reason(
    "token_required",
    N_("Such an event counts with its item token alone."),
    N_("Send the item token."),
)
TYPE_UNKNOWN = Reason(
    "type_unknown",
    N_("This type of event is not known here."),
    N_("Use one of the types that the description of the API names."),
)
VIEWER_REQUIRED = Reason(
    "viewer_required",
    N_("Without an item token, an event needs the viewer who did it."),
    N_("Send viewer_id, or the item token."),
)
VIEWER_OF_ANOTHER = Reason(
    "viewer_of_another",
    N_("This ticket speaks for another viewer."),
    N_("Leave viewer_id out, or send the event with a host key."),
)
OBJECT_REQUIRED = Reason(
    "object_required",
    N_("Without an item token, an event needs the post, or on a profile the creator, that it was done to."),
    N_("Send post_id, or creator_id on a profile."),
)
POST_MISMATCH = Reason(
    "post_mismatch",
    N_("This post or creator is not that of the item token."),
    N_("Leave post_id and creator_id out: the item token says them."),
)
WATCH_OUT_OF_BOUNDS = Reason(
    "watch_out_of_bounds",
    N_("This is not a time that somebody can have watched."),
    N_("Send milliseconds, from 0 to those of a day."),
)

FAULTS: Final[dict[TokenFault, Reason]] = {
    TokenFault.MALFORMED: TOKEN_MALFORMED,
    TokenFault.FORGED: TOKEN_INVALID,
    TokenFault.EXPIRED: TOKEN_EXPIRED,
    TokenFault.TYPE: TOKEN_TYPE,
}
"""What is said of each fault of a token; a test proves it total."""
