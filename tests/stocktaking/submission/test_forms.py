"""The entry form against bad input: a sentence beside the field, nothing lost, never a 500."""

import pytest
from django.urls import reverse

from stocktaking.base.workflow import Status
from stocktaking.project.period import latest_year
from stocktaking.submission.forms import ProjectForm
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.project_form import COMPLETE, post, upload

NO_PDF = (
    "PDF files are not accepted here. Save the picture as one of: JPEG, PNG, WebP, GIF."
)
NO_IMAGE = "This is not an image of one of these kinds: JPEG, PNG, WebP, GIF."
TOO_LARGE = "The file is larger than 5 MB. Choose a smaller one."
LONG = "wort " * 1200
BAD = [
    ("title", "x" * 251, "Ensure this value has at most 250 characters (it has 251)."),
    (
        "title",
        "broken \ufffd",
        "Some characters could not be read (“�”). Type them again.",
    ),
    (
        "language",
        "tlh",
        "Select a valid choice. tlh is not one of the available choices.",
    ),
    ("summary", "word " * 201, "Enter at most 200 words; you have 201."),
    (
        "summary",
        "x" * 4001,
        "Ensure this value has at most 4000 characters (it has 4001).",
    ),
    ("partners", LONG, "Enter at most 1000 words; you have 1200."),
    ("results", LONG, "Enter at most 1000 words; you have 1200."),
    ("replicability", LONG, "Enter at most 1000 words; you have 1200."),
    ("sustainability", LONG, "Enter at most 1000 words; you have 1200."),
    ("website", "not an address", "Enter a valid URL."),
    ("website", "javascript:alert(1)", "Enter a valid URL."),
    (
        "organization_name",
        "x" * 251,
        "Ensure this value has at most 250 characters (it has 251).",
    ),
    (
        "contact_name",
        "x" * 151,
        "Ensure this value has at most 150 characters (it has 151).",
    ),
    ("contact_email", "nobody", "Enter a valid e-mail address."),
    (
        "start_date",
        "soon",
        "Enter a date such as 2025, 2025-07 or 2025-07-11, not “soon”.",
    ),
    ("start_date", "1066", f"Enter a year from 1990 to {latest_year()}."),
    ("start_date", "2023-02-30", "This day does not exist: “2023-02-30”."),
    ("end_date", "9" * 30, None),
    ("end_date", "2001", "The end is before the start."),
    (
        "timescale",
        "eternal",
        "Select a valid choice. eternal is not one of the available choices.",
    ),
]
UNKNOWN = "Select a valid choice. That choice is not one of the available choices."
BAD += [
    (name, value, UNKNOWN)
    for name in (
        "activity_type",
        "stakeholder_type",
        "country",
        "coverage",
        "main_action_line",
    )
    for value in ("nowhere", "x" * 5000)
]
BAD += [
    (
        name,
        ["nowhere"],
        "Select a valid choice. nowhere is not one of the available choices.",
    )
    for name in ("other_action_lines", "sdgs", "target_groups", "technologies")
]


@pytest.fixture
def draft():
    return ProjectFactory(
        status=Status.DRAFT,
        title="Before",
        summary="Before.",
        start_year=2010,
        end_year=2011,
    )


@pytest.fixture
def writer(client, draft):
    client.force_login(draft.owner)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value", "sentence"), BAD)
def test_bad_field_keeps_all_others(writer, draft, name, value, sentence):
    stored = getattr(draft, name)

    response = post(writer, draft, **{name: value})

    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [name]
    assert sentence in (None, *form.errors[name])
    assert form.data.getlist(name) == ([value] if isinstance(value, str) else value)
    draft.refresh_from_db()
    if name not in {
        "end_date",
        "other_action_lines",
        "sdgs",
        "target_groups",
        "technologies",
    }:
        assert getattr(draft, name) == stored
    others = {"title", "summary", "partners", "contact_name", "contact_email"} - {name}
    assert {n: getattr(draft, n) for n in others} == {n: COMPLETE[n] for n in others}


@pytest.mark.django_db
@pytest.mark.parametrize("name", COMPLETE)
def test_nul_is_an_error_of_its_field(draft, name):
    """The portal refuses NUL bytes at its door; the form would not fall over them either."""
    value = ["a\0b"] if isinstance(COMPLETE[name], list) else "a\0b"

    form = ProjectForm(COMPLETE | {name: value}, instance=draft)

    assert list(form.errors) == [name]


@pytest.mark.django_db
def test_bad_field_comes_back_with_its_text_and_a_link_to_it(writer, draft):
    response = post(writer, draft, website="htp:/broken")

    page = response.content.decode()
    assert 'value="htp:/broken"' in page
    assert 'href="#id_website"' in page
    assert "<title>Error: " in page


@pytest.mark.django_db
def test_every_field_may_be_missing_in_a_draft(writer, draft):
    response = post(writer, draft, **dict.fromkeys(COMPLETE))

    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.title, str(draft), draft.country, draft.sdgs.count()) == (
        "",
        "Untitled draft",
        None,
        0,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cv.png", b"%PDF-1.7 not a picture", NO_PDF),
        ("empty.png", b"", "The submitted file is empty."),
        ("large.png", b"\x89PNG" + b"\0" * 6 * 1024**2, TOO_LARGE),
        ("x\u202egnp.exe", b"MZ\0\0", NO_IMAGE),
    ],
)
def test_refused_image_costs_no_text(writer, draft, name, content, sentence):
    response = post(writer, draft, image=upload(name, content), image_alt="A mast")

    assert response.context["form"].errors == {"image": [sentence]}
    draft.refresh_from_db()
    assert (draft.title, draft.image_alt, draft.image) == (
        COMPLETE["title"],
        "A mast",
        "",
    )


@pytest.mark.django_db
def test_image_is_kept_under_our_own_name(writer, draft):
    post(writer, draft, image=upload("../../evil.png"), image_alt="A mast")

    draft.refresh_from_db()
    assert draft.image.name.startswith("projects/")
    assert draft.image.name.endswith(".webp")
    assert "evil" not in draft.image.name


@pytest.mark.django_db
def test_image_without_description_is_asked_for_again(writer, draft):
    response = post(writer, draft, image=upload())

    assert list(response.context["form"].errors) == ["image_alt"]
    draft.refresh_from_db()
    assert (draft.title, draft.image) == (COMPLETE["title"], "")


@pytest.mark.django_db
def test_image_can_be_taken_away(writer, draft):
    post(writer, draft, image=upload(), image_alt="A mast")
    draft.refresh_from_db()

    post(writer, draft, remove_image="on", image_alt="A mast")

    draft.refresh_from_db()
    assert (draft.image, draft.image_alt) == ("", "")


@pytest.mark.django_db
def test_contradicting_years_do_not_break_the_draft(writer, draft):
    response = post(writer, draft, start_date="2020", end_date="never")

    assert list(response.context["form"].errors) == ["end_date"]
    draft.refresh_from_db()
    assert (draft.start_date, draft.end_date) == ("2020", "")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_draft_is_not_there(client, draft, method):
    client.force_login(UserFactory())

    response = getattr(client, method)(
        reverse("stocktaking:project-step", args=[draft.pk, "what"])
    )

    assert response.status_code == 404
