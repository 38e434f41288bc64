"""Who puts a report before the public, what stays readable, and that all forms hold the same."""

import pytest
from django.utils import translation

from reports.build.models import WORKER, Build
from reports.builders import stocktaking
from reports.builders.checks import FiguresDisagreeError, require_agreement
from reports.builders.scope import Scope
from reports.output.models import Artefact, Snapshot
from reports.publication.workflow import Status
from tests.factories import ActionLineFactory, CountryFactory, ProjectFactory
from tests.reports.records import approved_and_published, frozen, secretariat, stories

pytestmark = pytest.mark.django_db


def amended(publication, note):
    """The next version, with the figures of the first, built and published."""
    publication = publication.move("amend", secretariat(), note)
    snapshot = publication.snapshots.get(version=1)
    file = publication.artefacts.get(version=1, format="pdf")
    Snapshot.objects.create(
        publication=publication,
        version=2,
        taken_at=snapshot.taken_at,
        figures=snapshot.figures,
        texts=snapshot.texts,
        body=snapshot.body,
        content_hash="1" * 64,
    )
    Artefact.objects.create(
        publication=publication,
        version=2,
        format="pdf",
        file=file.file,
        size=1,
        sha256="1" * 64,
    )
    Build.objects.filter(publication=publication, version=2).update(
        state="done", percent=100
    )
    return approved_and_published(publication.move("finish", WORKER))


def test_who_asked_for_a_report_does_not_approve_it(client):
    publication = frozen(status=Status.READY)
    author = publication.requested_by
    client.force_login(author)

    page = client.get(publication.get_absolute_url()).content.decode()
    refused = client.post(f"/en/reports/{publication.pk}/move/", {"move": "approve"})
    unapproved = client.post(f"/en/reports/{publication.pk}/move/", {"move": "publish"})

    assert 'value="approve"' not in page
    assert "another person of the secretariat has to approve it" in page
    assert (refused.status_code, unapproved.status_code) == (403, 409)
    assert "another officer has to decide" in refused.content.decode()
    client.force_login(secretariat())
    client.post(f"/en/reports/{publication.pk}/move/", {"move": "approve"})
    publication.refresh_from_db()
    assert publication.status == Status.APPROVED


def test_an_amended_version_stays_public_with_the_note_of_the_amendment(client):
    publication = frozen()
    first = f"/en/reports/{publication.pk}/v1/"
    amended(publication, "Two projects of Kenya were counted twice.")

    page = client.get(publication.get_absolute_url()).content.decode()
    earlier = client.get(first).content.decode()
    cited = client.get(f"{first}report.pdf")

    assert "Two projects of Kenya were counted twice." in page
    assert first in page
    assert "This is not the latest version of the report." in earlier
    assert b"".join(cited) == b"%PDF-1.7 of the test"
    assert "public" in cited["Cache-Control"]


def test_a_version_that_was_never_published_is_not_public(client):
    publication = frozen()
    publication.move("amend", secretariat(), "Again.")
    Snapshot.objects.filter(publication=publication).update(
        version=2, published_at=None
    )
    Artefact.objects.filter(publication=publication).update(version=2)

    assert client.get(f"/en/reports/{publication.pk}/v2/").status_code == 404
    assert client.get(f"/en/reports/{publication.pk}/v2/report.pdf").status_code == 404


def test_the_pages_hold_every_entry_and_every_source_of_the_pdf(client):
    ProjectFactory(title="With a line", source="A public list")
    ProjectFactory(title="Without a line", main_action_line=None, source="Another list")
    publication = frozen()

    page = client.get(publication.get_absolute_url()).content.decode()
    chapter = client.get(
        f"/en/reports/{publication.pk}/lines/not-stated/"
    ).content.decode()
    index = client.get(f"/en/reports/{publication.pk}/index/").content.decode()
    sources = client.get(f"/en/reports/{publication.pk}/sources/").content.decode()

    for address in ("lines/not-stated/", "index/", "sources/"):
        assert f"/en/reports/{publication.pk}/{address}" in page
    assert "Without a line" in chapter
    assert "With a line" not in chapter
    assert "Without a line" in index
    assert "With a line" in index
    assert "A public list" in sources
    assert "Another list" in sources


def test_annexes_are_not_public_before_the_report_is(client):
    publication = stories()

    assert client.get(f"/en/reports/{publication.pk}/index/").status_code == 404
    assert client.get(f"/en/reports/{publication.pk}/sources/").status_code == 404


HEADLINES = (
    "total",
    "countries",
    "organizations",
    "with_text",
    "first_year",
    "last_year",
)


@pytest.mark.parametrize("name", HEADLINES)
def test_a_changed_headline_figure_fails_the_build(name):
    ProjectFactory()
    ProjectFactory(country=CountryFactory(code="SN", name="Senegal"))
    figures, entries = stocktaking.collect(Scope())

    require_agreement(figures, entries)
    figures[name] += 1
    with pytest.raises(FiguresDisagreeError, match=name):
        require_agreement(figures, entries)


def test_organizations_that_wait_to_be_listed_count_too(client):
    ProjectFactory()
    for name in ("Réseau rural", "Réseau rural", "شبكة القرى"):
        ProjectFactory(organization=None, organization_name=name)

    page = client.get(frozen().get_absolute_url()).content.decode()

    assert "The report covers 4 projects of 3 organizations from 1 country." in page


def summary_of(language="en"):
    with translation.override(language):
        figures, _entries = stocktaking.collect(Scope())
        return " ".join(stocktaking.compose(Scope(), figures)["summary"])


def test_no_sentence_claims_a_majority_of_a_third():
    for code in ("C1", "C2", "C3"):
        ProjectFactory(main_action_line=ActionLineFactory(code=code))
    ProjectFactory(main_action_line=ActionLineFactory(code="C1"))

    said = summary_of()

    assert "most" not in said.lower()
    assert "is the main action line of more projects than any other (2 of 4)." in said


def test_nothing_is_said_to_be_largest_when_more_state_nothing():
    ProjectFactory(main_action_line=ActionLineFactory(code="C1"))
    for _n in range(2):
        ProjectFactory(main_action_line=None)

    assert "main action line" not in summary_of()
