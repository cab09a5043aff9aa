"""Django's registration of the room."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.measurement.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
