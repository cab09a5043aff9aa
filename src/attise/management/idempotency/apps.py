"""Django's registration of the room."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.idempotency"
    label = "idempotency"
    default_auto_field = "django.db.models.BigAutoField"
