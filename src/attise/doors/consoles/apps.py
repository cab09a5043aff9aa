"""Django's registration of the consoles: their templates and static files."""

from django.apps import AppConfig


class ConsolesConfig(AppConfig):
    """The consoles as Django knows them; they own no table."""

    name = "attise.doors.consoles"
    label = "consoles"
