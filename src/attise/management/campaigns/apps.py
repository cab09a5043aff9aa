"""Django's registration of the room."""

from typing import Any

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have each connection to the embedded database know how names are compared."""
        from django.db.backends.signals import connection_created

        connection_created.connect(_teach, dispatch_uid="attise_plain_names")


def _teach(connection: Any, **_rest: Any) -> None:
    from attise.management.campaigns.queries.plain_names import teach

    teach(connection)
