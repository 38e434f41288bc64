"""Records around an entry for the tests; the entry itself comes from tests/factories.py."""

from datetime import timedelta

from django.utils import timezone

from common.moves.models import StatusChange
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.file.models import Attachment
from stocktaking.merge.models import Merge
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.project.content import texts_hash
from stocktaking.project.models import Project
from stocktaking.revision.models import Revision
from stocktaking.text.models import ProjectText
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.hostile import pdf, picture


def revision_of(project=None, status="draft", **changes):
    """A revision in the state that the test names; one field is changed when nothing is said."""
    project = project or ProjectFactory(status=Status.PUBLISHED)
    revision = Revision.objects.begin(project, project.owner)
    revision.content |= changes or {"title": "Digital villages, second phase"}
    revision.status = status
    revision.save()
    return revision


def ownership_request_for(project=None, status="open", by=None):
    """An ownership request in the state that the test names; a granted one was carried out."""
    project = project or ProjectFactory(status=Status.PUBLISHED)
    by = by or UserFactory()
    if status == "granted":
        Project.objects.filter(pk=project.pk).update(owner=by)
        project.refresh_from_db()
    return OwnershipRequest.objects.create(
        project=project, by=by, reason="I lead it.", status=status
    )


def decided(record, status):
    """The officer's decision that has just brought what was submitted to this status."""
    StatusChange.objects.create(
        record_kind=record._meta.label_lower,
        record_id=record.pk,
        move="decide",
        source=Status.SUBMITTED,
        target=status,
    )


def prepared(project, move):
    """What this move of the table needs besides the status."""
    if move == "undo":  # a fresh decision
        decided(project, project.status)
    if move == "approve":  # a day on which it becomes public
        project.public_from = timezone.now() + timedelta(days=7)
        project.save()
    if move in {"merge", "unmerge"}:  # with what
        merged(project, move)


def attached(record, title="Final report", content=None, scan="clean", alt=""):
    """A document of an entry or of a new version of one, an image when `alt` says what it shows;
    of a published entry it is public."""
    kind = "image" if alt else "document"
    content = content or (picture("WEBP", (640, 480)) if alt else pdf())
    project = getattr(record, "project", record)
    made = Attachment.keep(project, kind, content, scan == "clean", project.owner)
    Attachment.objects.filter(pk=made.pk).update(scan=scan)
    if record is project:
        record.attachments = [*record.attachments, made.as_item(title, alt)]
    else:
        items = record.content.get("attachments", [])
        record.content["attachments"] = [*items, made.as_item(title, alt)]
    record.save()
    if project is record and record.status == Status.PUBLISHED:
        record.record_change(Change.Kind.UPDATE, by=record.owner)
    made.refresh_from_db()
    return made


def text_of(project=None, status="draft", language="fr", **texts):
    """A text in another language, in the state that the test names; “shown” is a machine's."""
    project = project or ProjectFactory(status=Status.PUBLISHED)
    said = {
        "title": "Villages numériques",
        "summary": "Des centres pour les villages.",
    } | texts
    machine = {"kind": "machine", "engine": "Made-up 1"} if status == "shown" else {}
    return ProjectText.objects.create(
        project=project,
        language=language,
        status=status,
        by=project.owner,
        based_on=project.version,
        original=texts_hash(project),
        approved_at=timezone.now() if status == "approved" else None,
        **said,
        **machine,
    )


def merged(project, move):
    """Another record to merge with: `move` is what is to happen next, "merge" or "unmerge"."""
    project.successor = ProjectFactory(status=Status.PUBLISHED)
    project.save()
    if move == "unmerge":
        Merge.objects.create(loser=project, survivor=project.successor)
        StatusChange.objects.create(
            record_kind="stocktaking.project",
            record_id=project.pk,
            move="merge",
            source=Status.PUBLISHED,
            target=Status.ARCHIVED,
        )
