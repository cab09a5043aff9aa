"""Django's registration of the room."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
