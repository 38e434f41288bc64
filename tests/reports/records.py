"""Reports for the tests: frozen from the entries that the test made."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from accounts.roles import Role
from reports.builders.entries import collect_entries
from reports.builders.figures import Scope, collect_figures
from reports.builders.texts import compose
from reports.job import hash_of
from reports.models import Artefact, Build, Entry, Publication, Snapshot
from reports.workflow import WORKER, Status
from tests.factories import UserFactory


def secretariat():
    return UserFactory(role=Role.SECRETARIAT)


def requested(user=None, **fields):
    """A publication whose build waits for a worker."""
    user = user or secretariat()
    return Publication.objects.create(requested_by=user, **fields).move("build", user)


def frozen(version=1, status=Status.PUBLISHED, **fields):
    """A publication whose version is built: snapshot, entries and a file, without a worker."""
    user = secretariat()
    publication = requested(user, **fields)
    build = publication.build()
    content = b"%PDF-1.7 of the test"
    with translation.override(publication.language):
        figures, entries = collect_figures(Scope()), list(collect_entries(Scope()))
        snapshot = Snapshot.objects.create(
            publication=publication, version=version, taken_at=timezone.now(), figures=figures,
            texts=compose(Scope(), figures), content_hash=hash_of(figures, entries),
            charts=[{"name": "region", "table": "region", "title": "Africa leads", "alt": "Africa",
                     "svg": '<svg role="img" viewBox="0 0 1 1"><title>Africa leads</title></svg>'}],
        )  # fmt: skip
    Entry.objects.bulk_create(
        Entry(snapshot=snapshot, position=n, chapter=e["main_action_line"], content=e)
        for n, e in enumerate(entries, start=1)
    )
    path = default_storage.save(f"reports/{publication.pk}/v{version}/t.pdf", ContentFile(content))
    Artefact.objects.create(
        publication=publication, version=version, format="pdf", file=path, size=len(content),
        sha256="0" * 64,
    )  # fmt: skip
    Build.objects.filter(pk=build.pk).update(state="done", percent=100)
    publication = publication.move("finish", WORKER)
    return publication.move("publish", user) if status == Status.PUBLISHED else publication
