"""Django's registration of the room."""

from django.apps import AppConfig


class CirclesConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.measurement.circles"
    label = "circles"
    default_auto_field = "django.db.models.BigAutoField"
