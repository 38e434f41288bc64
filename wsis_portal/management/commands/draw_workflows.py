"""Draws docs/workflows.md from the tables of moves."""

import importlib
from pathlib import Path
from typing import Any

from django.apps import apps as registry
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from common.moves.workflow import Move, Workflow

TARGET = Path(settings.BASE_DIR) / "docs" / "workflows.md"
HEAD = """# Workflows

Drawn by `python manage.py draw_workflows` from the tables in `<app>/<noun>/workflow.py`; a test
compares them. A move locks its record, checks source, role and reason, stamps, logs and tells, in
one transaction (`common/moves/models.py`).
"""


class Command(BaseCommand):
    help = "Draw docs/workflows.md from the tables of moves."

    def handle(self, *args: Any, **options: Any) -> None:
        TARGET.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{TARGET.relative_to(settings.BASE_DIR)} is drawn.")


def document() -> str:
    """The whole file, in English."""
    with translation.override("en"):
        return "\n".join([HEAD, *(section(workflow) for workflow in workflows())])


def workflows() -> list[Workflow]:
    """The tables of our own apps, in the order of the apps' names."""
    workflows: list[Workflow] = []
    for config in sorted(registry.get_app_configs(), key=lambda config: config.name):
        if Path(config.path).is_relative_to(settings.BASE_DIR):
            for path in sorted(Path(config.path).glob("*/workflow.py")):
                noun = path.parent.name
                workflows += tables_of(f"{config.name}.{noun}.workflow")
    return workflows


def tables_of(name: str) -> list[Workflow]:
    """The tables that a module defines or takes from another one, each once."""
    tables = vars(importlib.import_module(name)).values()
    return [value for value in tables if isinstance(value, Workflow)]


def section(workflow: Workflow) -> str:
    """Heading, diagram and table of one workflow."""
    (model,) = (
        model
        for model in registry.get_models()
        if model._meta.label_lower == workflow.model_label
    )
    labels = dict(model._meta.get_field("status").choices)  # type: ignore[union-attr,arg-type]  # a field with choices
    return "\n".join(
        [
            f"## {str(model._meta.verbose_name).capitalize()}",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {workflow.initial}",
            *(arrow for move in workflow for arrow in arrows(move)),
            "```",
            "",
            "| move | from | to | who | reason needed |",
            "|---|---|---|---|---|",
            *(row(move, labels) for move in workflow),
            "",
        ]
    )


def arrows(move: Move) -> list[str]:
    return [
        f"    {source} --> {move.target}: {move.name}"
        for source in sorted(move.sources)
    ]


def row(move: Move, labels: dict[str, Any]) -> str:
    sources = ", ".join(str(labels[source]) for source in sorted(move.sources))
    reason = "yes" if move.needs_note else "no"
    who = ", ".join(sorted(move.by))
    name = f"{move.label} (`{move.name}`)"
    return f"| {name} | {sources} | {labels[move.target]} | {who} | {reason} |"
