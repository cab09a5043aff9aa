"""Django's registration of the room."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """The room as Django knows it."""

    name = "attise.management.posts"
    label = "posts"
    default_auto_field = "django.db.models.BigAutoField"
