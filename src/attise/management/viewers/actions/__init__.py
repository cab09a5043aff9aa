"""What happens in this room: a viewer is declared, changed, forgotten, or handed a ticket; a follow is noted.

And interests: chosen or removed by the viewer (``interests``), derived from what they do (``profile``); and whose ads
they want to see no more (``hide``).
"""

from attise.management.viewers.actions.declare import ViewerFacts, create_viewer, update_viewer, viewer_of_person
from attise.management.viewers.actions.erase import erase_viewer
from attise.management.viewers.actions.follow import note_follow
from attise.management.viewers.actions.hide import hide_brand, note_hidden, show_brand
from attise.management.viewers.actions.interests import change_interests, forget_interests
from attise.management.viewers.actions.profile import Held, Place, derive_profiles, renew_profiles
from attise.management.viewers.actions.ticket import make_ticket

__all__ = [
    "Held",
    "Place",
    "ViewerFacts",
    "change_interests",
    "create_viewer",
    "derive_profiles",
    "erase_viewer",
    "forget_interests",
    "hide_brand",
    "make_ticket",
    "note_follow",
    "note_hidden",
    "renew_profiles",
    "show_brand",
    "update_viewer",
    "viewer_of_person",
]
