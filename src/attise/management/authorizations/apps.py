"""Django's registration of the room."""

from django.apps import AppConfig


class AuthorizationsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.authorizations"
    label = "authorizations"
    default_auto_field = "django.db.models.BigAutoField"
