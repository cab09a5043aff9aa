"""Django's registration of the room."""

from django.apps import AppConfig


class ViewersConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.viewers"
    label = "viewers"
    default_auto_field = "django.db.models.BigAutoField"
