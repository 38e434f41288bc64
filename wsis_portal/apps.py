import logging

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from wsis_portal.health.checks import mail_server

log = logging.getLogger(__name__)


class PortalConfig(AppConfig):
    name = "wsis_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Processes that stay say at their start what commands say by the system check."""
        if settings.PROCESS != "command":
            for warning in mail_server():
                log.warning("%s %s", warning.msg, warning.hint)
