"""An input saves itself while somebody types, and no answer is lost when its kind is changed."""

import re
from html import unescape

import pytest
from django.test import Client

from common.limits import throttle
from forum.consultation.models import Submission
from forum.edition.models import Edition
from tests.factories import CountryFactory, StakeholderTypeFactory, UserFactory
from tests.forum.records import (
    EditionFactory,
    PhaseFactory,
    SubmissionFactory,
    kind_of,
    question,
)

pytestmark = pytest.mark.django_db
NEW = "/en/forum/2027/consultation/new/"
SCRIPT = {"HX-Request": "true"}
TYPED = {"kind": "exhibition", "title": "A stand on masts", "language": "en"}


@pytest.fixture
def author(client):
    PhaseFactory()
    StakeholderTypeFactory()
    CountryFactory()
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def asked(author):
    """A question of each of two kinds: the names of their fields."""
    edition = EditionFactory()
    size = question(kind_of(edition, "exhibition"), "Size")
    days = question(
        kind_of(edition, "partnership"), "Days", type="choices", choices="One\nTwo"
    )
    return size, days


def inputs(html):
    """Name → value of the hidden inputs of a page or of an answer."""
    found = {}
    for tag in re.findall(r"<input[^>]+>", html):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if 'type="hidden"' in tag and name:
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def opened(client, address=NEW):
    """What a page sends back of itself: the marks, and the draft that it has begun."""
    found = inputs(client.get(address).content.decode())
    return {name: found[name] for name in ("opened_with", "draft") if name in found}


def address_of(draft):
    return f"/en/forum/submissions/{draft.pk}/edit/"


def typed(client, page, address=NEW, **values):
    """One save of the script; the page takes what the answer brings."""
    answer = client.post(address, TYPED | page | values, headers=SCRIPT)
    page |= {
        name: value
        for name, value in inputs(answer.content.decode()).items()
        if name in ("opened_with", "draft")
    }
    return answer


# --- saving by itself -----------------------------------------------------------------------


def test_a_new_input_becomes_one_draft_however_often_it_saves_itself(client, author):
    page = opened(client)

    first = typed(client, page, text="We show")
    second = typed(client, page, text="We show masts.")
    client.post(NEW, TYPED | page | {"text": "We show masts.", "save": "1"})

    draft = Submission.objects.get()
    assert (draft.owner, draft.text, draft.kind.code) == (
        author,
        "We show masts.",
        "exhibition",
    )
    assert (first["X-Draft"], second["X-Draft"]) == ("saved", "saved")
    assert "Saved at" in second.content.decode()


def test_what_is_wrong_in_one_field_costs_no_other(client, author):
    page = opened(client)

    answer = typed(client, page, title="x" * 251, text="We show masts.")

    draft = Submission.objects.get()
    html = answer.content.decode()
    assert (draft.title, draft.text) == ("", "We show masts.")
    assert 'href="#id_title">Title' in html
    assert "at most 250 characters" in html


def test_nothing_is_said_to_be_saved_before_a_kind_is_chosen(client, author):
    answer = typed(client, opened(client), kind="")

    assert not Submission.objects.exists()
    assert "Saved at" not in answer.content.decode()
    assert 'href="#id_kind">Kind' in answer.content.decode()


def test_two_windows_that_write_one_field_differently_are_shown_both(client, author):
    typed(client, opened(client))
    draft = Submission.objects.get()
    address = address_of(draft)
    one, two = opened(client, address), opened(client, address)
    typed(client, one, address, text="Of the first window.")

    answer = typed(client, two, address, text="Of the second window.")

    draft.refresh_from_db()
    html = answer.content.decode()
    assert (answer["X-Draft"], answer.status_code) == ("conflict", 409)
    assert ("Of the first window." in html, "Of the second window." in html) == (
        True,
        True,
    )
    assert draft.text == "Of the first window."


def test_once_it_is_submitted_the_script_is_told_and_writes_no_more(client, author):
    typed(client, opened(client))
    draft = Submission.objects.get()
    page = opened(client, address_of(draft))
    Submission.objects.update(status="submitted")

    answer = typed(client, page, address_of(draft), text="Too late.")

    assert answer["X-Draft"] == "closed"
    assert "cannot be changed now" in answer.content.decode()
    assert Submission.objects.get().text == ""


@pytest.mark.parametrize("whose", ["a stranger", "another edition", "nobody"])
def test_only_ones_own_draft_of_the_edition_is_gone_on_with(client, author, whose):
    fields = {"owner": author} if whose == "another edition" else {}
    edition = EditionFactory(slug="2026") if fields else Edition.objects.get()
    other = SubmissionFactory(edition=edition, title="Theirs", **fields)
    page = opened(client) | {"draft": "99999999" if whose == "nobody" else other.pk}

    typed(client, page)

    other.refresh_from_db()
    assert other.title == "Theirs"
    assert Submission.objects.exclude(pk=other.pk).get().title == "A stand on masts"


def test_saving_by_itself_does_not_use_up_the_limit_of_new_inputs(
    client, author, settings, monkeypatch
):
    seen = []
    allow = throttle.allow

    def counted(scope, *args, **kwargs):
        seen.append(scope)
        return allow(scope, *args, **kwargs)

    monkeypatch.setattr(throttle, "allow", counted)
    monkeypatch.setattr("forum.consultation.writing.allow", counted)
    page = opened(client)
    for number in range(3):
        typed(client, page, text=f"Word {number}")

    assert seen.count("forum-write") == 1


def test_without_an_account_nothing_is_saved_and_the_script_learns_it(author):
    answer = Client().post(NEW, TYPED, headers=SCRIPT)

    assert "X-Draft" not in answer
    assert not Submission.objects.exists()


# --- the kind is changed --------------------------------------------------------------------


def answers():
    return {
        question: answer
        for question, answer in Submission.objects.get().answers.items()
        if answer not in (None, "", [])
    }


def test_answers_survive_when_the_kind_is_changed_and_changed_back(client, asked):
    size, days = asked
    first = opened(client, f"{NEW}?kind=exhibition")
    sent = {size.name: "Large", "kind": "partnership", "save": "1"}
    client.post(f"{NEW}?kind=exhibition", TYPED | first | sent)
    draft = Submission.objects.get()
    second = opened(client, address_of(draft))
    sent = {days.name: ["Two"], "kind": "exhibition", "save": "1"}
    client.post(address_of(draft), TYPED | second | sent)

    html = client.get(address_of(draft)).content.decode()

    assert answers() == {str(size.pk): "Large", str(days.pk): ["Two"]}
    assert 'value="Large"' in html


def test_the_same_in_one_window_that_saves_itself(client, asked):
    size, _days = asked
    page = opened(client, f"{NEW}?kind=exhibition")
    typed(client, page, **{size.name: "Sma"})
    changed = typed(client, page, kind="partnership", **{size.name: "Small"})
    typed(client, page, kind="partnership", **{size.name: "Small!"})
    back = typed(client, page, **{size.name: "Small!!"})

    said = " ".join(changed.content.decode().split())
    assert answers() == {str(size.pk): "Small!!"}
    assert "Save the draft to see what “Partnership" in said
    assert "asks for" not in back.content.decode()
    assert Submission.objects.get().kind.code == "exhibition"


def test_what_is_stored_for_a_kind_is_not_emptied_by_the_page_of_another(client, asked):
    _size, days = asked
    page = opened(client, f"{NEW}?kind=partnership")
    typed(client, page, kind="partnership", **{days.name: ["One", "Two"]})
    draft = Submission.objects.get()
    client.post(
        address_of(draft),
        TYPED | opened(client, address_of(draft)) | {days.name: ["One"], "save": "1"},
    )
    page = opened(client, address_of(draft))  # shows the questions of the other kind

    typed(client, page, address_of(draft), kind="partnership")
    refused = client.post(
        address_of(draft), TYPED | page | {"kind": "partnership", "submit": "1"}
    )

    assert answers() == {str(days.pk): ["One"]}
    assert refused.status_code == 400
    assert re.search(r'value="One"[^>]+checked', refused.content.decode())


def test_a_wrong_answer_to_a_question_of_the_kind_before_is_shown_with_its_text(
    client, asked
):
    size, _days = asked
    page = opened(client, f"{NEW}?kind=exhibition")
    sent = {size.name: "L" * 300, "kind": "partnership", "save": "1"}

    answer = client.post(f"{NEW}?kind=exhibition", TYPED | page | sent)

    assert answer.status_code == 400
    assert "L" * 300 in answer.content.decode()
    assert "at most 250 characters" in answer.content.decode()


def test_questions_of_another_edition_are_no_fields_of_the_form(client, asked):
    foreign = question(
        kind_of(EditionFactory(slug="2026"), "exhibition"), "Foreign", is_required=True
    )
    page = opened(client, f"{NEW}?kind=exhibition")
    page["opened_with"] += f",{foreign.name}:abc,question_x:1,question_999999999999:2"

    typed(client, page, **{foreign.name: "Mine"})

    assert answers() == {}
