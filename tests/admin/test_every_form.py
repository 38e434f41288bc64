"""What holds for every form of the admin, found by walking `admin.site`."""

import html
import re
from urllib.parse import urlencode

import pytest
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    ForeignKeyRawIdWidget,
    RelatedFieldWidgetWrapper,
)
from django.db import models, transaction
from django.forms import CharField, Textarea, TextInput
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.role.roles import Role
from accounts.user.models import User
from forum.people.models import Person
from stocktaking.organization.models import Organization
from tests.admin.pages import Form
from tests.admin.records import WITHOUT_RECORD, one_of_each, place, tables
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PEOPLE = (User, Person, Organization)
LINK = re.compile(
    r'related-widget-wrapper-link[^>]*?(?:href|data-href-template)="([^"]+)"'
)
LOOK_UP = re.compile(
    r'data-ajax--url="([^"]+)"[^>]*data-app-label="([^"]+)"[^>]*data-model-name="([^"]+)"'
    r'[^>]*data-field-name="([^"]+)"'
)
# The codes of these lists are words of the address or of a file; they are made here.
OWN_CODES = {"code", "slug"}


@pytest.fixture
def records():
    one_of_each()


@pytest.fixture
def officer():
    return UserFactory(role=Role.SECRETARIAT)


@pytest.fixture
def administrator():
    return UserFactory(role=Role.ADMINISTRATOR)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def asked_by(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def forms_of(user):
    """(name, form) of each form and each row below one that this person may fill in."""
    request = asked_by(user)
    for label, (_model, desk) in tables().items():
        if not (
            desk.has_add_permission(request) or desk.has_change_permission(request)
        ):
            continue
        yield label, desk.get_form(request)
        for inline in desk.get_inline_instances(request):
            formset = inline.get_formset(request)
            form = formset.form
            form.base_fields.pop(formset.fk.name, None)  # the record above the row
            yield f"{label} {type(inline).__name__}", form


def bare(field):
    widget = field.widget
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


def test_people_and_organizations_are_looked_up_in_every_form(administrator):
    typed = []
    for name, form in forms_of(administrator):
        for field_name, field in form.base_fields.items():
            target = getattr(getattr(field, "queryset", None), "model", None)
            if target in PEOPLE and not isinstance(bare(field), AutocompleteMixin):
                typed.append((name, field_name, type(bare(field)).__name__))

    assert typed == []


def test_no_form_asks_for_the_number_of_a_record(administrator):
    asked = [
        (name, field_name)
        for name, form in forms_of(administrator)
        for field_name, field in form.base_fields.items()
        if isinstance(bare(field), ForeignKeyRawIdWidget)
    ]

    assert asked == []


def test_languages_zones_and_listed_codes_are_chosen(administrator):
    typed = []
    for name, form in forms_of(administrator):
        for field_name, field in form.base_fields.items():
            about = field_name.rstrip("s")
            coded = about.endswith(("language", "time_zone", "unconfirmed_rule"))
            if (
                coded
                and isinstance(field, CharField)
                and isinstance(bare(field), TextInput | Textarea)
            ):
                typed.append((name, field_name))

    assert typed == []


def pages(client, user):
    """(name, HTML) of each form that this person may open, new where there is no record."""
    request = asked_by(user)
    for label, (model, desk) in tables().items():
        record = (
            desk.get_queryset(request).first()
            if desk.has_view_permission(request)
            else None
        )
        if record is None and desk.has_add_permission(request):
            address, args = place(model, "add")
            yield (
                f"{label} add",
                client.get(reverse(address, args=args)).content.decode(),
            )
        if record is not None:
            address, args = place(model, "change", record.pk)
            yield (
                f"{label} change",
                client.get(reverse(address, args=args)).content.decode(),
            )


def test_every_table_has_a_record_in_these_tests(administrator, records):
    request = asked_by(administrator)
    empty = {
        label
        for label, (_m, desk) in tables().items()
        if not desk.get_queryset(request)
    }

    assert empty - WITHOUT_RECORD == set()


def test_no_link_beside_a_field_of_the_secretariat_is_closed_to_it(officer, records):
    client = signed_in(officer)
    closed, links, look_ups = [], set(), set()
    for _label, page in pages(client, officer):
        assert "vForeignKeyRawIdAdminField" not in page
        links |= {html.unescape(link).partition("?")[0] for link in LINK.findall(page)}
        look_ups |= set(LOOK_UP.findall(page))
    for link in sorted(links):
        status = client.get(link.replace("__fk__", _some_id(link))).status_code
        closed += [(link, status)] if status not in (200, 302) else []
    for address, app, model, field in sorted(look_ups):
        query = urlencode(
            {"app_label": app, "model_name": model, "field_name": field, "term": "ami"}
        )
        status = client.get(f"{address}?{query}").status_code
        closed += [(app, model, field, status)] if status != 200 else []

    assert closed == []
    assert len(links) > 10
    assert len(look_ups) > 10


def _some_id(link):
    app, model = link.split("/")[3:5]
    found = [m for m, _desk in tables().values() if m._meta.model_name == model]
    row = next(m for m in found if m._meta.app_label == app)._base_manager.first()
    return str(row.pk)


# Every field is only read, one choice is left, all fields belong to one move, or they are hours.
NOTHING_TO_TYPE = {
    "accounts.FactorReset",
    "forum.OfferedSlot",
    "forum.Reviewer",
    "mfa.Authenticator",
    "stocktaking.Attachment",
    "stocktaking.OwnershipRequest",
    "stocktaking.CoEditor",
    "reports.Feedback",
    "stocktaking.ProjectText",
    "stocktaking.Revision",
    "prizes.Assignment",
    "prizes.Invitation",
    "prizes.OrganizationTie",
    "usersessions.UserSession",
    "roadmap.AgencyMembership",
}


# Fields that take no other text, with what two people type.
OF_A_FORM_OF_ITS_OWN = {"doi": ("10.1234/mine", "10.1234/theirs")}


def two_saves(model, desk, record, first, second):
    """What comes of two people who opened one form and both save: "" when the second is refused,
    reads what the first saved, and keeps what it had typed."""
    name, args = place(model, "change", record.pk)
    address = reverse(name, args=args)
    form = Form(first.get(address).content.decode(), f"{model._meta.model_name}_form")
    for field in form.writable():
        my_text, their_text = OF_A_FORM_OF_ITS_OWN.get(field, ("Mine", "Theirs"))
        mine = form.with_text(field, my_text, 11)
        theirs = form.with_text(field, their_text, 12)
        if mine is None or theirs is None:
            continue
        sid = transaction.savepoint()
        if first.post(address, mine).status_code != 302:
            transaction.savepoint_rollback(sid)
            continue
        answer = second.post(address, theirs)
        page = answer.content.decode()
        kept = Form(page, f"{model._meta.model_name}_form").data.get(field)
        transaction.savepoint_rollback(sid)
        if answer.status_code != 409:
            return f"{field}: the second save was not refused ({answer.status_code})"
        if kept not in (theirs[field], [theirs[field]]):
            return f"{field}: what was typed is gone ({kept!r})"
        if "Saved now" not in page:
            return f"{field}: what the other saved is not shown"
        return ""
    return "no field could be changed"


def test_a_second_save_of_any_form_overwrites_nothing(administrator, records):
    first, second = (
        signed_in(administrator),
        signed_in(UserFactory(role=Role.ADMINISTRATOR)),
    )
    request = asked_by(administrator)
    wrong = {}
    for label, (model, desk) in tables().items():
        if not desk.has_change_permission(request) or label in NOTHING_TO_TYPE:
            continue
        record = desk.get_queryset(request).first()
        if problem := two_saves(model, desk, record, first, second):
            wrong[label] = problem

    assert wrong == {}


def test_a_row_below_a_form_is_guarded_too(administrator, records):
    edition = tables()["forum.Edition"][0].objects.filter(phases__isnull=False).first()
    client = signed_in(administrator)
    address = reverse("admin:forum_edition_change", args=[edition.pk])
    form = Form(client.get(address).content.decode(), "edition_form")

    client.post(
        address, form.data | {"phases-0-name": "Call for proposals", "_save": "Save"}
    )
    answer = client.post(
        address, form.data | {"phases-0-name": "Second call", "_save": "Save"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Call for proposals" in page
    assert Form(page, "edition_form").data["phases-0-name"] == "Second call"
    assert edition.phases.get().name == "Call for proposals"


def test_changes_to_different_fields_are_both_kept(administrator, records):
    person = Person.objects.first()
    client = signed_in(administrator)
    address = reverse("admin:forum_person_change", args=[person.pk])
    form = Form(client.get(address).content.decode(), "person_form")

    client.post(address, form.data | {"name": "Awa Diallo", "_save": "Save"})
    answer = client.post(
        address, form.data | {"organization": "Orange", "_save": "Save"}
    )

    person.refresh_from_db()
    assert answer.status_code == 302
    assert (person.name, person.organization) == ("Awa Diallo", "Orange")


def test_after_a_look_at_both_texts_the_second_person_decides(administrator, records):
    person = Person.objects.first()
    client = signed_in(administrator)
    address = reverse("admin:forum_person_change", args=[person.pk])
    form = Form(client.get(address).content.decode(), "person_form")
    client.post(address, form.data | {"name": "Awa Diallo", "_save": "Save"})
    page = client.post(address, form.data | {"name": "Awa Ndiaye", "_save": "Save"})

    again = Form(page.content.decode(), "person_form")
    client.post(address, again.data | {"_save": "Save"})

    person.refresh_from_db()
    assert "Awa Diallo" in page.content.decode()
    assert person.name == "Awa Ndiaye"


def test_all_models_with_a_person_are_covered_by_the_look_up(officer):
    """A foreign key to an account in any form of the secretariat answers to the secretariat."""
    client = signed_in(officer)
    UserFactory(first_name="Rokhaya", email="rokhaya@un.example")
    closed = []
    for name, form in forms_of(officer):
        for field_name, field in form.base_fields.items():
            target = getattr(getattr(field, "queryset", None), "model", None)
            if target is not User:
                continue
            source = bare(field).field.model._meta
            found = client.get(
                reverse("admin:autocomplete"),
                {
                    "app_label": source.app_label,
                    "model_name": source.model_name,
                    "field_name": field_name,
                    "term": "rokhaya",
                },
            )
            if (
                found.status_code != 200
                or "rokhaya@un.example" not in found.content.decode()
            ):
                closed.append((name, field_name, found.status_code))

    assert closed == []
    assert issubclass(User, models.Model)
