"""The data that the portal ships with: vocabularies, projects, prizes, roadmaps, the Forum,
schedules and archive of reports.

One list for `make run`, for `manage.py load_facts` (which docker-compose.yml runs) and for tests.
"""

import io
from typing import Any

from django.conf import settings
from django.core.management import call_command

# Title, commands, each with the file it loads; safe to repeat.
FACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("vocabularies", {"load_reference": "", "load_reasons": ""}),
    (
        "real projects",
        {
            "import_projects": "stocktaking/data/projects.csv",
            "confirm_organizations": "",
        },
    ),
    (
        "prizes since 2012",
        {"load_contests": "", "import_prize_entries": "prizes/data/prize_entries.csv"},
    ),
    ("roadmaps", {"load_roadmap": ""}),
    (
        "editions and sessions of the Forum",
        {"load_editions": "", "import_sessions": "forum/data/sessions.csv"},
    ),
    ("schedule and archive of reports", {"load_schedules": "", "load_archive": ""}),
)


def load(commands: dict[str, str]) -> None:
    """Load the files; existing records keep the corrections of staff."""
    for command, file in commands.items():
        if file:
            quietly(command, settings.BASE_DIR / file, only_new=True)
        else:
            quietly(command)


def quietly(command: str, *words: Any, **options: Any) -> None:
    """Run another command without its closing line."""
    call_command(command, *words, verbosity=0, stdout=io.StringIO(), **options)
