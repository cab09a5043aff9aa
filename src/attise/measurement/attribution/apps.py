"""Django's registration of the room."""

from django.apps import AppConfig


class AttributionConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.measurement.attribution"
    label = "attribution"
    default_auto_field = "django.db.models.BigAutoField"
