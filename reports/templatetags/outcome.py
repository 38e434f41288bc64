"""What pages of the Forum show of the reports about an edition."""

from typing import Any

from django import template

from reports.publication.models import Publication

register = template.Library()


@register.inclusion_tag("reports/publication/_outcome_documents.html")
def outcome_documents(edition: Any) -> dict[str, Any]:
    """The published outcome documents of an edition, one for each language; nothing without one."""
    rows = Publication.objects.online().filter(
        series=Publication.Series.FORUM_OUTCOME, edition=edition
    )
    return {"publications": rows.order_by("language", "pk")}
