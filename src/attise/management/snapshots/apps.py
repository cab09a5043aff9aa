"""Django's registration of the room."""

from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.snapshots"
    label = "snapshots"
    default_auto_field = "django.db.models.BigAutoField"
