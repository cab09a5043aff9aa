"""What these calls refuse beyond what the whole native API does."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

CREDENTIAL_REQUIRED = Reason(
    "credential_required",
    N_("This address needs a host key or a viewer's ticket."),
    N_("Send the header Authorization: Bearer, followed by your host key or by the viewer's ticket."),
    Kind.UNAUTHENTICATED,
)
TICKET_INVALID = Reason(
    "ticket_invalid",
    N_("This ticket is not valid, or has ended."),
    N_("Make a new ticket for this viewer; each lasts 15 minutes."),
    Kind.UNAUTHENTICATED,
)
TICKET_OF_ONE = Reason(
    "ticket_of_one",
    N_("A ticket speaks for its own viewer alone."),
    N_("Leave the viewer out, or ask with a host key."),
    Kind.FORBIDDEN,
)
VIEWER_TWICE = Reason(
    "viewer_twice",
    N_("A viewer was named and described in one request."),
    N_("Give viewer_id for a viewer that is declared here, or viewer for one that is not; not both."),
)
