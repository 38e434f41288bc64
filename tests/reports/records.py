"""Reports for the tests: frozen from the entries that the test made."""

import io
from datetime import timedelta

import openpyxl
import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.role.roles import Role
from common.records.hashing import content_hash
from prizes.contest.rules import Figure
from reference.names import vocabulary
from reports.build.job import work_through
from reports.build.models import WORKER, Build
from reports.builders.figures import collect_figures
from reports.builders.projects import collect_entries
from reports.builders.scope import Scope
from reports.builders.texts import compose
from reports.early.models import EarlyReader
from reports.output.models import Artefact, Snapshot, SnapshotRecord
from reports.publication.models import Publication
from reports.publication.workflow import Status
from tests.factories import ActionLineFactory, CountryFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory


def secretariat():
    return UserFactory(role=Role.SECRETARIAT)


def requested(user=None, **fields):
    """A publication whose build waits for a worker."""
    user = user or secretariat()
    return Publication.objects.create(requested_by=user, **fields).move("build", user)


def blank_pdf():
    """A file that can be marked as a draft."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target)
    return target.getvalue()


def frozen(version=1, status=Status.PUBLISHED, **fields):
    """A publication whose version is built: snapshot, entries and a file, without a worker."""
    vocabulary.labels("region")  # names that every process holds
    user = secretariat()
    publication = requested(user, **fields)
    build = publication.build()
    content = b"%PDF-1.7 of the test" if status == Status.PUBLISHED else blank_pdf()
    with translation.override(publication.language):
        figures, entries = collect_figures(Scope()), list(collect_entries(Scope()))
        texts = compose(Scope(), figures)
        snapshot = Snapshot.objects.create(
            publication=publication,
            version=version,
            taken_at=timezone.now(),
            figures=figures,
            body=texts.pop("body"),
            texts=texts,
            content_hash=content_hash([figures, entries]),
            charts=[
                {
                    "name": "region",
                    "table": "region",
                    "title": "Africa leads",
                    "alt": "Africa",
                    "svg": '<svg role="img" viewBox="0 0 1 1"><title>Africa leads</title></svg>',
                }
            ],
        )
    SnapshotRecord.objects.bulk_create(
        SnapshotRecord(
            snapshot=snapshot, position=n, chapter=e["main_action_line"], content=e
        )
        for n, e in enumerate(entries, start=1)
    )
    path = default_storage.save(
        f"reports/{publication.pk}/v{version}/t.pdf", ContentFile(content)
    )
    Artefact.objects.create(
        publication=publication,
        version=version,
        format="pdf",
        file=path,
        size=len(content),
        sha256="0" * 64,
    )
    build.steps.update(state="done", percent=100)
    Build.objects.filter(pk=build.pk).update(state="done", percent=100)
    publication = publication.move("finish", WORKER)
    return (
        approved_and_published(publication)
        if status == Status.PUBLISHED
        else publication
    )


def approved(**fields):
    """A version that a second person has approved, and that is not public."""
    return frozen(status=Status.READY, **fields).move("approve", secretariat())


def invited_early(publication, **fields):
    """Somebody on the pre-release list, and the token of their link."""
    now = timezone.now()
    reader = EarlyReader(
        publication=publication,
        version=publication.version,
        **{
            "name": "Amina Diallo",
            "organization": "League of Arab States",
            "email": "amina@example.org",
            "begins_at": now - timedelta(hours=1),
            "ends_at": now + timedelta(hours=23),
            "invited_by": secretariat(),
        }
        | fields,
    )
    token = reader.new_token()
    reader.save()
    return reader, token


def approved_and_published(publication):
    """Public, after a second person has approved it."""
    return publication.move("approve", secretariat()).move(
        "publish", publication.requested_by
    )


def built(publication):
    """The publication after a worker built it: the whole pipeline, with all its files."""
    work_through(publication.build().pk)
    publication.refresh_from_db()
    assert publication.status == Status.READY
    return publication


def file_of(publication, name):
    with publication.artefacts.get(format=name).file.open() as file:
        return file.read()


def sheet_of(publication, name):
    """The rows of one sheet of the workbook between its header and its total: that of a table, or
    the list of entries, which comes last. Sheets have their names in the language of the report."""
    book = openpyxl.load_workbook(io.BytesIO(file_of(publication, "xlsx")))
    snapshot = publication.snapshots.latest("pk")
    tables = [table["name"] for table in snapshot.figures["tables"]]
    place = tables.index(name) + 1 if name in tables else -1
    rows = list(book.worksheets[place].iter_rows(min_row=2, values_only=True))
    total = (None, snapshot.texts["labels"]["total"])
    return [row for row in rows if name not in tables or row[:2] != total]


def pdf_text(publication):
    """The words of the PDF, as `close()` writes them."""
    reader = PdfReader(io.BytesIO(file_of(publication, "pdf")))
    return close("".join(page.extract_text() for page in reader.pages))


def close(text):
    """Without spaces, which a PDF only implies, and without hyphens, which it adds."""
    return "".join(text.split()).replace("-", "")


def stories(contest=None, **fields):
    """Success stories of a contest with a public winner, whose build waits for a worker."""
    return requested(
        series="success_stories", contest=contest or awarded_contest(), **fields
    )


def awarded_contest():
    """An edition known from sources: a winner, a champion, a nominee, and figures of sources."""
    contest = ContestFactory(
        year=2019, slug="2019", title="WSIS Prizes 2019", now="none"
    )
    from_source(
        contest, "winner", title="Village radio", description="Radio for villages."
    )
    from_source(contest, "champion", title="", description="", country=None)
    from_source(contest, "nominated", title="School mesh", line="C1", description="")
    Figure.objects.create(
        contest=contest, kind="submitted", value="945", source="A", source_date="2019"
    )
    Figure.objects.create(
        contest=contest, kind="submitted", value="over 1,000", source="B"
    )
    return contest


def from_source(contest, status, line="C7-EGOV", **fields):
    ActionLineFactory(code=line)
    return EntryFactory(
        contest=contest,
        status=status,
        line=line,
        project=None,
        owner=None,
        source="A list",
        **{
            "title": "Radio",
            "organization": None,
            "organization_name": "Org",
            "country": CountryFactory(),
            "stakeholder_type": None,
            "description": "",
        }
        | fields,
    )
