from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForumConfig(AppConfig):
    name = "forum"
    verbose_name = _("WSIS Forum")

    def ready(self) -> None:
        """Every process knows what can be printed, workers too."""
        import_module("forum.printers")
