"""Kinds of input: their windows, access codes, and the questions that staff write for them."""

import datetime

import pytest
import redis
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from common.limits import throttle
from forum.consultation.models import Submission
from forum.consultation.phases import InputKind, Phase
from forum.consultation.questions import Question
from tests.admin.pages import Form
from tests.factories import CountryFactory, StakeholderTypeFactory, UserFactory
from tests.forum.records import (
    EditionFactory,
    PhaseFactory,
    SubmissionFactory,
    kind_of,
    officer,
    question,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
NEW = "/en/forum/2027/consultation/new/"
GOOD = {
    "kind": "exhibition",
    "title": "A stand on masts",
    "language": "en",
    "text": "We show masts.",
    "organization_name": "Ministry of ICT",
    "stakeholder_type": "GOV",
    "country": "KE",
}


@pytest.fixture
def author(client):
    PhaseFactory()
    StakeholderTypeFactory()
    CountryFactory()
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def stand(author):
    """A form in which the second question depends on the first."""
    kind = kind_of(EditionFactory(), "exhibition")
    size = question(
        kind,
        "Size",
        type="choice",
        choices="Small\nLarge",
        choices_fr="Petit\nGrand",
        label_fr="Taille",
        is_required=True,
    )
    power = question(
        kind,
        "Sockets",
        type="number",
        limit=20,
        shown_if=size,
        shown_value="Large",
        is_required=True,
    )
    return {"kind": kind, "size": size.name, "power": power.name}


def window(code, opens, closes, **fields):
    now = timezone.now()
    kind = kind_of(EditionFactory(), code)
    values = {"opens_at": now + opens, "closes_at": now + closes} | fields
    InputKind.objects.filter(pk=kind.pk).update(**values)
    return kind


def offered(client):
    page = client.get(NEW)
    return [kind.code for kind in page.context["form"].fields["kind"].queryset]


# --- windows and codes ----------------------------------------------------------------------


def test_a_new_call_takes_the_usual_kinds_named_in_six_languages():
    edition = EditionFactory()

    PhaseFactory(edition=edition)

    kinds = InputKind.objects.filter(edition=edition)
    assert [(kind.code, kind.is_official) for kind in kinds] == [
        ("theme", True),
        ("format", True),
        ("workshop", True),
        ("partnership", True),
        ("exhibition", True),
        ("nomination", True),
        ("comment", False),
    ]
    assert kinds[0].name_fr != kinds[0].name_en == "Thematic aspects"


def test_a_kind_with_a_window_of_its_own_opens_and_closes_by_it(client, author):
    window("exhibition", HOUR, 2 * HOUR)
    window("comment", -2 * HOUR, -HOUR)

    before = offered(client)
    Phase.objects.update(takes_submissions=False)
    window("exhibition", -HOUR, HOUR)

    assert "exhibition" not in before
    assert "comment" not in before
    assert "workshop" in before
    assert offered(client) == ["exhibition"]


def test_a_draft_is_not_submitted_after_its_kind_has_closed(client, author):
    draft = SubmissionFactory(owner=author, kind="exhibition", session_type=None)
    window("exhibition", -2 * HOUR, -HOUR)

    address = reverse("forum:submission-edit", args=[draft.pk])
    page = client.post(address, GOOD | {"submit": "1"})

    draft.refresh_from_db()
    assert (page.status_code, draft.status, draft.title) == (
        409,
        "draft",
        "A stand on masts",
    )
    assert "The consultation is not open for submissions." in page.content.decode()


def test_an_access_code_opens_a_kind_to_who_enters_it(client, author):
    window("exhibition", -HOUR, HOUR, access_code="STAND-27")
    page = client.get(reverse("forum:consultation", args=["2027"])).content.decode()
    without = client.post(NEW, GOOD | {"save": "1"})
    wrong = client.post(NEW, {"unlock": "1", "access_code": "STAND-28"}, follow=True)

    right = client.post(NEW, {"unlock": "1", "access_code": " STAND-27 "})
    client.post(NEW, GOOD | {"submit": "1"})

    assert "by invitation" in page
    assert "STAND-27" not in page
    assert without.context["form"].errors.keys() == {"kind"}
    assert "No kind of input is open with this access code." in wrong.content.decode()
    assert right.url == f"{NEW}?kind=exhibition"
    assert Submission.objects.get().status == "submitted"


@pytest.mark.parametrize("code", ["", "x" * 5000])
def test_what_is_no_access_code_opens_nothing(client, author, code):
    window("exhibition", -HOUR, HOUR, access_code="STAND-27")

    page = client.post(NEW, {"unlock": "1", "access_code": code}, follow=True)

    assert "No kind of input is open with this access code." in page.content.decode()


def test_the_page_of_the_consultation_says_what_can_be_sent_until_when(client):
    PhaseFactory()
    kind = window("exhibition", -HOUR, 48 * HOUR, description_en="Stands of 6 m².")

    page = client.get(reverse("forum:consultation", args=["2027"])).content.decode()

    kind.refresh_from_db()
    assert "Stands of 6 m²." in page
    assert kind.closes_at.isoformat()[:10] in page
    assert f"{NEW}?kind=exhibition" in page


# --- questions ------------------------------------------------------------------------------


def test_the_form_asks_the_questions_of_its_kind_in_the_language_of_the_reader(
    client, stand
):
    other = client.get(f"{NEW}?kind=theme").content.decode()
    page = client.get(f"/fr{NEW[3:]}?kind=exhibition").content.decode()

    assert "question_" not in other
    assert "Taille" in page
    assert '<option value="Large">Grand</option>' in page
    assert f'data-shown-if="{stand["size"]}"' in page


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, ["size"]),
        ({"size": "Small"}, []),
        ({"size": "Large"}, ["power"]),
        ({"size": "Large", "power": "0"}, []),
    ],
)
def test_what_is_required_depends_on_earlier_answers(client, stand, answers, missing):
    data = {stand[name]: value for name, value in answers.items()}

    page = client.post(NEW, GOOD | data | {"submit": "1"})

    draft = Submission.objects.get()
    assert draft.status == ("draft" if missing else "submitted")
    if missing:
        assert page.context["form"].errors == {
            stand[name]: ["Fill in this field before you submit."] for name in missing
        }


@pytest.mark.parametrize(
    ("fields", "bad", "sentence"),
    [
        ({"type": "short", "limit": 5}, "masts!", "at most 5 characters"),
        ({"type": "long", "limit": 2}, "one two three", "Enter at most 2 words"),
        ({"type": "long"}, "word " * 601, "Enter at most 600 words"),
        ({"type": "number", "limit": 20}, "21", "less than or equal to 20"),
        ({"type": "number"}, "-1", "greater than or equal to 0"),
        ({"type": "number"}, "many", "Enter a whole number."),
        ({"type": "url"}, "nowhere", "Enter a valid URL."),
        ({"type": "choice", "choices": "A\nB"}, "C", "Select a valid choice."),
        ({"type": "choices", "choices": "A\nB", "limit": 1}, ["A", "B"], "at most 1"),
        ({"type": "short"}, "\ufffd", "Some characters could not be read"),
    ],
)
def test_an_answer_beyond_its_limit_is_named_beside_its_question(
    client, author, fields, bad, sentence
):
    asked = question(kind_of(EditionFactory(), "exhibition"), "Question", **fields)

    page = client.post(NEW, GOOD | {asked.name: bad, "save": "1"})

    errors = page.context["form"].errors
    assert (page.status_code, list(errors)) == (400, [asked.name])
    assert sentence in errors[asked.name][0]
    assert not Submission.objects.exists()


def test_answers_are_read_by_author_and_staff_in_their_languages(
    client, stand, settings
):
    settings.REQUIRE_STAFF_MFA = False
    data = {stand["size"]: "Large", stand["power"]: "4"}
    client.post(NEW, GOOD | data | {"submit": "1"})
    submission = Submission.objects.get()

    staff = Client()
    staff.force_login(officer())
    admin = reverse("admin:forum_submission_change", args=[submission.pk])
    desk = staff.get(admin).content.decode()
    own = client.get(f"/fr/forum/submissions/{submission.pk}/").content.decode()

    assert "Taille" in own
    assert "<p>Grand</p>" in own
    assert "<b>Size</b><br>Large" in desk
    assert "<b>Sockets</b><br>4" in desk


def test_an_answer_that_is_no_longer_asked_for_is_not_shown_but_stays(client, stand):
    data = {stand["size"]: "Large", stand["power"]: "4"}
    client.post(NEW, GOOD | data | {"save": "1"})
    draft = Submission.objects.get()
    edit = reverse("forum:submission-edit", args=[draft.pk])

    client.post(edit, GOOD | data | {stand["size"]: "Small", "save": "1"})

    draft.refresh_from_db()
    assert [text for _question, text in draft.answers_in_words()] == ["Small"]
    assert 4 in draft.answers.values()


# --- staff ----------------------------------------------------------------------------------


@pytest.fixture
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(officer())


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"type": "choice", "choices": "One"}, "choices", "Enter from 2 to 30 choices"),
        ({"type": "choice", "choices": "A\nA"}, "choices", "has to be different"),
        ({"type": "short", "limit": 251}, "limit", "at most 250 characters"),
        ({"shown_value": "Huge"}, "shown_value", "one of the choices of that question"),
        ({"order": 1}, "shown_if", "Choose an earlier question of the same form."),
    ],
)
def test_a_question_that_could_not_be_asked_is_not_stored(
    desk, fields, field, sentence
):
    kind = kind_of(EditionFactory(), "exhibition")
    size = question(kind, "Size", type="choice", choices="Small\nLarge", order=1)
    values = {"order": 2, "shown_if": size, "shown_value": "Large"} | fields
    wrong = Question(kind=kind, label="Sockets", **values)

    with pytest.raises(Exception) as refused:  # noqa: PT011  (read just below)
        wrong.full_clean()

    assert sentence in " ".join(refused.value.message_dict[field])


@pytest.mark.parametrize(
    ("opens", "closes"),
    [("2027-03-02", ""), ("", "2027-03-02"), ("2027-03-02", "2027-03-01")],
)
def test_half_a_window_is_refused_beside_the_form(client, desk, opens, closes):
    kind = kind_of(EditionFactory(), "exhibition")
    address = reverse("admin:forum_inputkind_change", args=[kind.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {
        "opens_at_0": opens,
        "opens_at_1": "09:00" if opens else "",
        "closes_at_0": closes,
        "closes_at_1": "09:00" if closes else "",
        "questions-TOTAL_FORMS": "0",
        "questions-INITIAL_FORMS": "0",
    }

    page = client.post(address, data)

    assert "Enter both times, the closing after the opening, or neither." in (
        page.content.decode()
    )


@pytest.mark.parametrize(
    ("orders", "is_saved"), [((1, 2), True), ((5, 2), False), ((2, 5), True)]
)
def test_a_question_is_not_moved_before_the_one_on_which_it_depends(
    client, desk, orders, is_saved
):
    kind = kind_of(EditionFactory(), "exhibition")
    size = question(kind, "Size", type="choice", choices="Small\nLarge")
    sockets = question(kind, "Sockets", shown_if=size, shown_value="Large")
    address = reverse("admin:forum_inputkind_change", args=[kind.pk])
    data = Form(client.get(address).content.decode(), "inputkind_form").data
    data |= {"questions-0-order": orders[0], "questions-1-order": orders[1]}

    page = client.post(address, data)

    size.refresh_from_db()
    sockets.refresh_from_db()
    refusal = "Choose an earlier question of the same form."
    if is_saved:
        assert page.status_code == 302
        assert (size.order, sockets.order) == orders
    else:
        assert refusal in page.content.decode()
        assert (size.order, sockets.order) == (1, 2)


def test_the_api_serves_the_kinds_but_no_access_code(client):
    PhaseFactory()
    address = reverse("api:forum-edition-consultation", args=["2027"])

    kinds = client.get(address).json()["kinds"]

    assert kinds[2]["code"] == "workshop"
    assert kinds[2]["is_official"] is True
    assert kinds[2]["opens_at"] is None
    assert "access_code" not in kinds[2]


# --- from the button of a kind to the first draft -------------------------------------------


def test_the_form_of_a_chosen_kind_is_saved_as_a_browser_sends_it(client, author):
    address = f"{NEW}?kind=exhibition"
    marks = client.get(address).context["form"]["opened_with"].value()

    page = client.post(address, GOOD | {"opened_with": marks, "save": "1"})

    assert page.status_code == 302
    assert Submission.objects.get().kind.code == "exhibition"


@pytest.mark.parametrize(
    ("earlier", "shown_value", "answer", "is_asked"),
    [
        ({"type": "choice", "choices": "None\nSome"}, "None", None, False),
        ({"type": "choice", "choices": "None\nSome"}, "None", "None", True),
        ({"type": "number"}, "", None, False),
        ({"type": "number"}, "", 0, True),
    ],
)
def test_no_answer_is_not_the_choice_none_and_zero_is_an_answer(
    author, earlier, shown_value, answer, is_asked
):
    kind = kind_of(EditionFactory(), "exhibition")
    first = question(kind, "Sockets", **earlier)
    second = question(kind, "Where", shown_if=first, shown_value=shown_value)

    assert second.is_asked({str(first.pk): answer}) is is_asked


def test_another_kind_chosen_in_a_second_window_is_named_on_submitting(client, stand):
    client.post(NEW, GOOD | {"kind": "comment", "save": "1"})
    draft = Submission.objects.get()
    address = reverse("forum:submission-edit", args=[draft.pk])
    marks = client.get(address).context["form"]["opened_with"].value()
    Submission.objects.update(kind=stand["kind"])

    typed = GOOD | {"kind": "comment", "opened_with": marks, "submit": "1"}
    page = client.post(address, typed)

    assert page.status_code == 400
    assert "This was saved elsewhere" in page.context["form"].non_field_errors()[0]


@pytest.mark.parametrize(
    ("kind", "optional"),
    [
        ("workshop", ["people"]),
        ("nomination", ["session_type"]),
        ("theme", ["session_type", "people"]),
    ],
)
def test_what_a_kind_asks_for_is_not_called_optional(client, author, kind, optional):
    form = client.get(f"{NEW}?kind={kind}").context["form"]

    by_kind = ["session_type", "people"]
    labels = {name: form[name].label for name in by_kind}
    assert [name for name in by_kind if "(optional)" in labels[name]] == optional


def test_a_changed_access_code_is_asked_for_again(client, author):
    window("exhibition", -HOUR, HOUR, access_code="STAND-27")
    client.post(NEW, {"unlock": "1", "access_code": "STAND-27"})
    before = offered(client)

    InputKind.objects.filter(code="exhibition").update(access_code="STAND-28")

    assert "exhibition" in before
    assert "exhibition" not in offered(client)


def test_no_access_code_is_taken_while_guesses_cannot_be_counted(
    client, author, monkeypatch
):
    nobody = redis.Redis(host="127.0.0.1", port=9, socket_connect_timeout=1)
    counter = nobody.register_script(throttle.COUNT)
    monkeypatch.setattr(throttle, "_counter", lambda: counter)
    window("exhibition", -HOUR, HOUR, access_code="STAND-27")

    page = client.post(NEW, {"unlock": "1", "access_code": "STAND-27"})

    assert page.status_code == 429
    assert "exhibition" not in offered(client)


def test_several_choices_have_the_comma_of_the_language(author):
    kind = kind_of(EditionFactory(), "exhibition")
    days = question(kind, "Days", type="choices", choices="Monday\nFriday")

    with translation.override("ar"):
        assert days.in_words(["Monday", "Friday"]) == "Monday، Friday"
