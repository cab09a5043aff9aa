"""Django's registration of the room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
