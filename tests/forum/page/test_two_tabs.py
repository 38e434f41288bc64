"""Two people, or two tabs, with one form: nobody's text is lost, and both texts are shown."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from forum.consultation.workflow import SubmissionStatus
from forum.outcome.models import OutcomeReport
from tests.factories import UserFactory
from tests.forum.records import PhaseFactory, SubmissionFactory, officer, released

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def opened(client, url):
    """What the browser sends back of a form it has opened: hidden inputs and texts."""
    html = client.get(url).content.decode()
    hidden = re.findall(
        r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', html
    )
    texts = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.S)
    chosen = re.findall(r'<select name="([^"]+)".*?</select>', html, re.S)
    selects = {
        name: (
            re.search(rf'<select name="{name}".*?value="([^"]*)" selected', html, re.S)
            or ["", ""]
        )[1]
        for name in chosen
    }
    inputs = re.findall(r'<input type="text" name="([^"]+)"(?: value="([^"]*)")?', html)
    return {
        name: unescape(value) for name, value in (*hidden, *texts, *inputs)
    } | selects


def test_the_text_of_an_organizer_survives_the_older_form_of_an_officer():
    owner = UserFactory()
    session = released(owner=owner)
    url = reverse("forum:outcome-edit", args=[session.pk])
    organizer, desk = signed_in(owner), signed_in(officer())
    first, second = opened(organizer, url), opened(desk, url)

    organizer.post(url, first | {"summary": "An hour of work:\nمحطات القرى."})
    answer = desk.post(
        url, second | {"summary": "A line of the officer.", "publish": "1"}
    )

    html = answer.content.decode()
    report = OutcomeReport.objects.get()
    assert answer.status_code == 409
    assert (report.summary.replace("\r", ""), report.published_at) == (
        "An hour of work:\nمحطات القرى.",
        None,
    )
    assert "An hour of work:<br>محطات القرى." in html
    assert (
        html.count("A line of the officer.") == 2
    )  # beside the saved text and in the form
    assert "after you had opened the form" in html


def test_who_has_compared_both_texts_saves_the_one_made_of_them():
    owner = UserFactory()
    session = released(owner=owner)
    url = reverse("forum:outcome-edit", args=[session.pk])
    organizer, desk = signed_in(owner), signed_in(officer())
    first, second = opened(organizer, url), opened(desk, url)
    organizer.post(url, first | {"summary": "Masts."})
    conflict = desk.post(url, second | {"summary": "Cables."}).content.decode()
    marks = re.search(r'name="opened_with" value="([^"]*)"', conflict)[1]

    answer = desk.post(
        url, second | {"summary": "Masts and cables.", "opened_with": marks}
    )

    assert answer.status_code == 302
    assert OutcomeReport.objects.get().summary == "Masts and cables."


def test_fields_that_only_one_of_two_changed_are_all_kept():
    owner = UserFactory()
    session = released(owner=owner)
    url = reverse("forum:outcome-edit", args=[session.pk])
    organizer, desk = signed_in(owner), signed_in(officer())
    organizer.post(url, opened(organizer, url) | {"summary": "Begun."})
    first, second = opened(organizer, url), opened(desk, url)

    organizer.post(url, first | {"outcomes": "Thirty masts."})
    answer = desk.post(url, second | {"outlook": "Ninety masts."})

    report = OutcomeReport.objects.get()
    assert answer.status_code == 302
    assert (report.summary, report.outcomes, report.outlook) == (
        "Begun.",
        "Thirty masts.",
        "Ninety masts.",
    )


def test_a_proposal_in_two_tabs_keeps_what_was_saved_in_the_other_tab():
    PhaseFactory()
    submission = SubmissionFactory(title="Villages", status=SubmissionStatus.DRAFT)
    client = signed_in(submission.owner)
    url = reverse("forum:submission-edit", args=[submission.pk])
    tab, other_tab = opened(client, url), opened(client, url)

    client.post(url, tab | {"text": "The long text of the first tab.", "save": "1"})
    answer = client.post(url, other_tab | {"text": "Short.", "submit": "1"})

    submission.refresh_from_db()
    html = answer.content.decode()
    assert answer.status_code == 409
    assert (submission.text, submission.status) == (
        "The long text of the first tab.",
        "draft",
    )
    assert "The long text of the first tab." in html
    assert "Short." in html
