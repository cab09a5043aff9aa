"""Django's registration of the room."""

from django.apps import AppConfig


class SavedReportsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.saved_reports"
    label = "saved_reports"
    default_auto_field = "django.db.models.BigAutoField"
