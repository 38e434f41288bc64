"""Who gets which answer about the review and the groups of inputs; access_table.py says how to read
a row."""

from typing import Any

from forum.consultation.workflow import SubmissionStatus
from tests.forum import records
from tests.security.access_rules import STAFF_AREA, rule, signed_in

# no such method, for those who may come
POST_ONLY = signed_in(403, secretariat=405, administrator=405)

TABLE: dict[str, Any] = {
    "forum:input-groups": (
        STAFF_AREA,
        signed_in(403, secretariat=400, administrator=400),  # without a theme
    ),
    "forum:input-group": (
        STAFF_AREA,
        signed_in(403, secretariat=404, administrator=404),  # no button was pressed
    ),
    "forum:own-group": (signed_in(404, owner=200), signed_in(404, owner=302)),
    "forum:group-by-link": (rule(404), rule(404)),  # of a link that nobody has
    "forum:reviewers-remind": (
        POST_ONLY,
        signed_in(403, secretariat=302, administrator=302),
    ),
    "forum:reviewer-answer": (rule(404), rule(404)),  # of a link that nobody has
}


def grouped(project: Any) -> Any:
    """A group that its authors may object to, with an input of the owner."""
    mine = records.SubmissionFactory(
        owner=project.owner, status=SubmissionStatus.SUBMITTED
    )
    group = records.grouped_inputs(mine, records.SubmissionFactory(status="submitted"))
    group.ask()
    return group, mine


def input_group(project: Any) -> dict[str, Any]:
    group, _mine = grouped(project)
    return {"slug": group.edition.slug, "pk": group.pk}


def own_group(project: Any) -> dict[str, Any]:
    return {"pk": grouped(project)[1].pk}


def edition(_project: Any) -> dict[str, Any]:
    return {"slug": records.EditionFactory().slug}


def no_link(_project: Any) -> dict[str, Any]:
    return {"token": "nothing"}


PARAMETERS: dict[str, Any] = {
    "forum:input-groups": edition,
    "forum:reviewers-remind": edition,
    "forum:input-group": input_group,
    "forum:own-group": own_group,
    "forum:group-by-link": no_link,
    "forum:reviewer-answer": no_link,
}
