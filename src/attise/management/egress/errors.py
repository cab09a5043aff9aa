"""Why an address is not fetched. None of them tells what answers on a private network."""

from __future__ import annotations

from attise.kernel.errors import N_, Reason

ADDRESS_NOT_ALLOWED = Reason(
    "address_not_allowed",
    N_("This address leads to a private network, which is not reached from here."),
    N_("Use a server that everybody can reach, or ask the operator to list yours."),
)
FETCH_NO_ANSWER = Reason(
    "fetch_no_answer",
    N_("The server of this address does not answer."),
    N_("Check the address, and that the server runs."),
)
FETCH_STATUS = Reason(
    "fetch_status",
    N_("The server of this address answered with status %(status)s instead of the file."),
    N_("Check that the address opens without signing in."),
)
FETCH_REDIRECTS = Reason(
    "fetch_redirects",
    N_("This address redirects more than %(limit)s times."),
    N_("Give the address of the file itself."),
)
FETCH_TOO_LARGE = Reason(
    "fetch_too_large",
    N_("What is at this address is larger than %(limit)s bytes."),
    N_("Make it smaller."),
)
FETCH_TOO_SLOW = Reason(
    "fetch_too_slow",
    N_("The server of this address took longer than %(limit)s seconds."),
    N_("Try again later, or use a quicker server."),
)
FETCH_BROKEN = Reason(
    "fetch_broken",
    N_("The answer of this address cannot be read, or stopped before its end."),
    N_("Check that the server sends the file whole, as it is, without compressing it on the way."),
)
