"""Django's registration of the floor."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The floor as Django knows it."""

    name = "attise.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
