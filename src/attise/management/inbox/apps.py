"""Django's registration of the room."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"
