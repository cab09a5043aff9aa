"""Django's registration of the door: its templates."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The door as Django knows it."""

    name = "attise.doors.shop"
    label = "shop"
