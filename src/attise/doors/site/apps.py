"""Django's registration of the site: its templates, its static files and its translations."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site as Django knows it; it owns no table."""

    name = "attise.doors.site"
    label = "site"
