"""Django's registration of the room."""

from django.apps import AppConfig


class CountersConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.measurement.counters"
    label = "counters"
    default_auto_field = "django.db.models.BigAutoField"
