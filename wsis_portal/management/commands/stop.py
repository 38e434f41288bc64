"""Stops what runs for this var folder: the portal, then embedded services that were left behind."""

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from wsis_portal.run import embedded, processes, supervisor

SECONDS = 60


class Command(BaseCommand):
    help = "Stop the portal and its embedded services."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = []
        portal = supervisor.running_process(settings.VAR_DIR)
        if portal:
            processes.end([portal], signal.SIGTERM, SECONDS)
            stopped.append("the portal")
        if embedded.read_record(settings.VAR_DIR):
            left = [
                store
                for store in embedded.known_stores(settings.VAR_DIR)
                if store.is_running()
            ]
            embedded.stop(left)
            stopped += [store.title for store in left]
        self.stdout.write(f"Stopped: {', '.join(stopped) or 'nothing, nothing ran'}")
