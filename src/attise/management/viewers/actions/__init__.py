"""What happens in this room: a viewer is declared, changed, forgotten, or handed a ticket; a follow is noted."""

from attise.management.viewers.actions.declare import ViewerFacts, create_viewer, update_viewer, viewer_of_person
from attise.management.viewers.actions.erase import erase_viewer
from attise.management.viewers.actions.follow import note_follow
from attise.management.viewers.actions.ticket import make_ticket

__all__ = [
    "ViewerFacts",
    "create_viewer",
    "erase_viewer",
    "make_ticket",
    "note_follow",
    "update_viewer",
    "viewer_of_person",
]
