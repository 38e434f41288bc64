"""Records around an entry for the tests; the entry itself comes from tests/factories.py."""

from common.models import StatusChange
from stocktaking.models import Claim, Merge, Revision
from stocktaking.workflow import Status
from tests.factories import ProjectFactory, UserFactory


def revision_of(project=None, status="draft", **changes):
    """A revision in the state that the test names; one field is changed when nothing is said."""
    project = project or ProjectFactory(status=Status.PUBLISHED)
    revision = Revision.objects.begin(project, project.owner)
    revision.content |= changes or {"title": "Digital villages, second phase"}
    revision.status = status
    revision.save()
    return revision


def claim_to(project=None, status="open"):
    project = project or ProjectFactory(status=Status.PUBLISHED)
    return Claim.objects.create(
        project=project, by=UserFactory(), reason="I lead it.", status=status
    )


def decided(record, status):
    """The officer's decision that has just brought what was submitted to this status."""
    StatusChange.objects.create(
        record_kind=record._meta.label_lower, record_id=record.pk, move="decide",
        source=Status.SUBMITTED, target=status,
    )  # fmt: skip


def merged(project, move):
    """Another record to merge with: `move` is what is to happen next, "merge" or "unmerge"."""
    project.successor = ProjectFactory(status=Status.PUBLISHED)
    project.save()
    if move == "unmerge":
        Merge.objects.create(loser=project, survivor=project.successor)
        StatusChange.objects.create(
            record_kind="stocktaking.project", record_id=project.pk, move="merge",
            source=Status.PUBLISHED, target=Status.ARCHIVED,
        )  # fmt: skip
