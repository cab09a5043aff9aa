"""Django's registration of the room."""

from django.apps import AppConfig


class EarningsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.earnings"
    label = "earnings"
    default_auto_field = "django.db.models.BigAutoField"
