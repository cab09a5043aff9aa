"""Django's registration of the room."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"
