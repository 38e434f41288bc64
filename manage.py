#!/usr/bin/env python
"""Commands of the portal; with no DATABASE_URL they use the embedded services."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis_portal.settings")
    execute_from_command_line(sys.argv)
