"""Django's registration of the room."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.processes"
    label = "processes"
    default_auto_field = "django.db.models.BigAutoField"
