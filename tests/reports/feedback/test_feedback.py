"""A reader says whether a report was of use, without an account; and how the reports count."""

import pytest

from reports.feedback.models import Feedback
from reports.feedback.views import ANSWERS_AN_HOUR
from reports.publication.workflow import Status
from tests.reports.records import frozen, secretariat

pytestmark = pytest.mark.django_db


def address(publication, language="en"):
    return f"/{language}/reports/{publication.pk}/feedback/"


def test_a_reader_answers_and_the_secretariat_reads_it(client):
    publication = frozen()
    page = client.get(publication.get_absolute_url()).content.decode()
    form = client.get(address(publication)).content.decode()
    answer = client.post(
        address(publication), {"answer": "partly", "text": "More on Africa, please."}
    )

    assert address(publication) in page
    assert form.count('type="radio"') == 3
    assert " checked" not in form
    assert "The secretariat reads every answer." in answer.content.decode()
    stored = Feedback.objects.get()
    assert (stored.version, stored.answer, stored.language) == (1, "partly", "en")
    client.force_login(secretariat())
    listed = client.get("/en/admin/reports/feedback/").content.decode()
    assert "More on Africa, please." in listed


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": "Words"}, "This field is required."),
        ({"answer": "maybe"}, "Select a valid choice."),
        ({"answer": "yes", "text": "x" * 2001}, "2000"),
    ],
)
def test_what_is_missing_or_too_long_is_said_beside_the_field(client, sent, sentence):
    answer = client.post(address(frozen()), sent)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Feedback.objects.exists()


def test_only_what_is_public_can_be_answered(client):
    publication = frozen(status=Status.READY)
    client.force_login(secretariat())

    assert client.get(address(publication)).status_code == 404


def test_nobody_floods_it(client):
    publication = frozen()

    statuses = [
        client.post(
            address(publication), {"answer": "yes"}, REMOTE_ADDR="198.51.100.7"
        ).status_code
        for _n in range(ANSWERS_AN_HOUR + 1)
    ]

    assert statuses == [200] * ANSWERS_AN_HOUR + [429]


def test_a_report_names_the_version_of_the_methodology_by_which_it_was_counted(client):
    publication = frozen()

    report = client.get(publication.get_absolute_url()).content.decode()
    page = client.get("/en/reports/methodology/").content.decode()

    assert 'href="/en/reports/methodology/#v1"' in report
    assert "Methodology, version 1" in report
    assert 'id="v1"' in page
    assert "What counts as a project" in page
