"""Django's registration of the room."""

from django.apps import AppConfig


class ConversionsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.measurement.conversions"
    label = "conversions"
    default_auto_field = "django.db.models.BigAutoField"
