"""Django's registration of the room."""

from django.apps import AppConfig


class LiftConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.measurement.lift"
    label = "lift"
    default_auto_field = "django.db.models.BigAutoField"
