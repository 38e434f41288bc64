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
        """Run the checks for operators when a server or worker starts; commands run them as
        system checks."""
        if settings.PROCESS != "command":
            for warning in mail_server():
                log.warning("%s %s", warning.msg, warning.hint)
