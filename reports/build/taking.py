"""A report in one moment of the database: a build keeps it, the preview of a section prints it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from common.records.hashing import content_hash
from reports.builders.added import add_figures
from reports.builders.figures import Figures
from reports.builders.series import builder_of
from reports.living.counting import Counter
from reports.markup.nodes import Body
from reports.output.models import Snapshot
from reports.report.asked import figures_of
from reports.report.freezing import body_of
from reports.report.models import Section

Collect = Callable[[Any], tuple[Figures, list[dict[str, Any]]]]  # of a scope


def taken(
    publication: Any,
    version: int,
    sections: Iterable[Section] | None,
    collect: Collect | None = None,
) -> Snapshot:
    """Figures, texts and records, counted and listed, not stored; in the active language.

    `sections` are None for a series without a text, `collect` is another way to list the records
    than that of the series.
    """
    builder = builder_of(publication)
    scope = builder.scope_of(publication)
    taken_at = timezone.now()
    figures, entries = (collect or builder.collect)(scope)
    printed = None if sections is None else list(sections)
    if printed is not None:
        add_figures(figures, figures_of(printed), scope)
    texts = builder.compose(scope, figures)
    body: Body = texts.pop("body", [])  # of parts that the portal writes itself
    if printed is not None:
        body = body_of(printed, publication.language, Counter(scope), entries)
    snapshot = Snapshot(
        publication=publication,
        version=version,
        taken_at=taken_at,
        figures=figures,
        texts=texts,
        body=body,
        content_hash=content_hash([figures, entries]),
    )
    snapshot.entries = entries
    return snapshot
