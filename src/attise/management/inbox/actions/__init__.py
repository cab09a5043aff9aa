"""What happens here: something is read, digests are wanted or not, one was sent. Each is one transaction."""

from attise.management.inbox.actions.mailing import note_mailed, want_mail
from attise.management.inbox.actions.reading import mark_read

__all__ = ["mark_read", "note_mailed", "want_mail"]
