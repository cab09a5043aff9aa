"""What happens in this room: a viewer is declared, changed, forgotten, or handed a ticket."""

from attise.management.viewers.actions.declare import ViewerFacts, create_viewer, update_viewer, viewer_of_person
from attise.management.viewers.actions.erase import erase_viewer
from attise.management.viewers.actions.ticket import make_ticket

__all__ = ["ViewerFacts", "create_viewer", "erase_viewer", "make_ticket", "update_viewer", "viewer_of_person"]
