"""Django's registration of the room."""

from django.apps import AppConfig


class AttemptsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.attempts"
    label = "attempts"
    default_auto_field = "django.db.models.BigAutoField"
