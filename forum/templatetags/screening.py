"""What the screening finds in a proposal, on pages of the consultation."""

from typing import Any

from django import template

from forum.consultation.models import Submission

register = template.Library()


@register.inclusion_tag("forum/screening/_findings.html")
def findings(submission: Submission, mine: bool = False) -> dict[str, Any]:
    """The findings, and for the author of a proposal the way to its speakers."""
    if not submission.pk or not submission.kind.proposes_session:
        return {}
    rules = submission.edition.screening_rules.all()
    return {
        "submission": submission,
        "findings": rules.findings_of(submission),
        "proposes": True,
        "mine": mine,
    }
