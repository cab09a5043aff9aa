"""Django's registration of the room."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
