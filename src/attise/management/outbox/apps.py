"""Django's registration of the room."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
