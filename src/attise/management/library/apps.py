"""Django's registration of the room."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"
