"""Versions of projects: what the database keeps, and what the secretariat reads of them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.role.roles import Role
from common.records.models import Change, RecordVersion
from stocktaking.project.models import Project
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_was_public_is_never_deleted():
    project, draft = (
        factories.ProjectFactory(),
        factories.ProjectFactory(status="draft"),
    )

    with pytest.raises(IntegrityError, match="archive it"), transaction.atomic():
        Project.objects.filter(pk=project.pk)._raw_delete("default")
    draft.delete()

    assert list(Project.objects.filter(pk__in=[project.pk, draft.pk])) == [project]
    assert project.versions.count() == 1


def test_an_update_that_changes_nothing_public_writes_nothing():
    project = factories.ProjectFactory()
    project.contact_email = "other@ministry.example"
    project.save()

    assert project.record_change(Change.Kind.UPDATE) is None
    project.title = "Another title"
    project.save()
    project.record_change(Change.Kind.UPDATE)

    kept = RecordVersion.objects.of(project).values_list("version", "kind")
    assert list(kept) == [(2, "update"), (1, "publish")]
    log = Change.objects.filter(record_kind="stocktaking.project")
    assert list(log.values_list("version", flat=True)) == [1, 2]


def test_the_secretariat_reads_versions_and_changes_none(client):
    project = factories.ProjectFactory(title="Rural libraries online")
    client.force_login(factories.UserFactory(role=Role.SECRETARIAT))
    version = project.versions.get()
    address = reverse("admin:common_recordversion_change", args=[version.pk])

    rows = client.get(
        reverse("admin:common_recordversion_changelist"),
        {"record_kind__exact": "stocktaking.project", "q": project.pk},
    ).content.decode()
    page = client.get(address).content.decode()

    assert address in rows
    assert "Rural libraries online" in page
    assert 'name="_save"' not in page
    assert "deletelink" not in page
    assert client.post(address, {"version": "9"}).status_code == 403
