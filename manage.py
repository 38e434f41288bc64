#!/usr/bin/env python
"""Commands of the portal; with no DATABASE_URL they use the embedded services."""

import os
import sys

import environ
from django.core.management import execute_from_command_line

from wsis_portal.run import embedded, supervisor
from wsis_portal.run.trouble import Trouble, explain


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis_portal.settings")
    environ.Env.read_env(embedded.BASE_DIR / ".env")
    var = embedded.var_folder()
    command = (
        "" if {"-h", "--help", "--version"} & set(sys.argv) else "".join(sys.argv[1:2])
    )
    try:
        with supervisor.only_one(command, var), embedded.stores_for(command, var):
            execute_from_command_line(sys.argv)
    except Trouble as trouble:
        sys.exit(f"{trouble}")
    except OSError as error:
        sentence = explain(error, var)
        if sentence is None:
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()
