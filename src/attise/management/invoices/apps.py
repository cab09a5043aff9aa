"""Django's registration of the room."""

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.invoices"
    label = "invoices"
    default_auto_field = "django.db.models.BigAutoField"
