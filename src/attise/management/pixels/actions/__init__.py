"""What happens in this room, one module per thing."""

from attise.management.pixels.actions.app import register_app, update_app
from attise.management.pixels.actions.event import create_events, delete_event, update_event
from attise.management.pixels.actions.pixel import create_pixel, update_pixel

__all__ = [
    "create_events",
    "create_pixel",
    "delete_event",
    "register_app",
    "update_app",
    "update_event",
    "update_pixel",
]
