"""Django's registration of the room."""

from django.apps import AppConfig


class ScoutConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.measurement.scout"
    label = "scout"
    default_auto_field = "django.db.models.BigAutoField"
