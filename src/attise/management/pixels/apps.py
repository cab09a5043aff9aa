"""Django's registration of the room."""

from django.apps import AppConfig


class PixelsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.pixels"
    label = "pixels"
    default_auto_field = "django.db.models.BigAutoField"
