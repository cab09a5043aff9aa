"""What this room refuses: codes, sentences and next steps."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

SIGNATURE_FORM = Reason(
    "signature_form",
    N_("A signature is the MD5 of the file: 32 characters of 0-9 and a-f."),
    N_("Compute the MD5 of the file and send it in hexadecimal."),
)
SIGNATURE_MISMATCH = Reason(
    "signature_mismatch",
    N_("What was received is not the file that was signed: its MD5 is %(got)s."),
    N_("Send the file again, with its own MD5."),
)
IMAGE_NOT_SQUARE = Reason(
    "identity_image_not_square",
    N_("The picture of an identity is square; this one is %(width)s × %(height)s pixels."),
    N_("Crop the picture to a square, upload it and use the new one."),
)
SORT_UNKNOWN = Reason(
    "sort_unknown",
    N_("The list cannot be sorted by this field; it can by: %(choices)s."),
    N_("Choose one of the fields listed."),
)
CALL_UNKNOWN = Reason(
    "call_to_action_id_unknown",
    N_("No button has this id: %(call)s."),
    N_("Give ids that the list of calls to action has."),
)
CALL_TWICE = Reason(
    "call_to_action_twice",
    N_("The button %(call)s is named more than once."),
    N_("Name each once."),
)
TOO_MANY_PORTFOLIOS = Reason(
    "portfolios_too_many",
    N_("This advertiser has %(limit)s sets of buttons already."),
    N_("Use one of them."),
    Kind.CONFLICT,
)
