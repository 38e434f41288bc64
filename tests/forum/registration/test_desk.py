"""The desk: entry of people, tags, the list with its counts, and the list as a sheet."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from forum.registration.models import Capacity, Registration, RegistrationTag
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import CapacityFactory, EditionFactory, officer, registered

pytestmark = pytest.mark.django_db
LIST = "admin:forum_registration_changelist"
ADD = "admin:forum_registration_add"
EXPORT = "admin:forum_registration_export"


@pytest.fixture
def edition():
    edition = EditionFactory()
    CapacityFactory(edition=edition, places=5)
    return edition


@pytest.fixture
def desk(client):
    user = officer()
    user.first_name, user.last_name = "Lucía", "Núñez"
    user.save()
    client.force_login(user)
    return user


def entry(edition, **fields):
    return {
        "edition": edition.pk,
        "attendance": "on_site",
        "name": "Łukasz Kąkol",
        "country": CountryFactory().pk,
        "agreed": "on",
    } | fields


def content_of(response):
    if response.streaming:
        return b"".join(response.streaming_content)
    return response.content


def test_staff_enter_somebody_without_an_account(client, desk, edition):
    tag = RegistrationTag.objects.create(name="Press")

    client.post(reverse(ADD), entry(edition, email="LK@press.example", tags=[tag.pk]))

    entered = Registration.objects.with_registrar().get()
    assert (entered.email, entered.user, entered.status) == (
        "lk@press.example",
        None,
        "requested",
    )
    assert list(entered.tags.all()) == [tag]
    assert entered.registrar == "Lucía Núñez"
    assert Capacity.objects.get().taken == 1
    assert OutgoingMail.objects.get().to == "lk@press.example"
    page = client.get(reverse(LIST)).content.decode()
    assert "Lucía Núñez" in page


def test_staff_enter_somebody_with_an_account_or_with_nothing(client, desk, edition):
    person = UserFactory()

    client.post(reverse(ADD), entry(edition, user=person.pk))
    client.post(reverse(ADD), entry(edition, name="A visitor"))
    page = client.get(
        reverse("forum:register", args=[edition.slug]), HTTP_HOST="localhost"
    )

    assert set(Registration.objects.values_list("user", flat=True)) == {person.pk, None}
    assert [mail.to for mail in OutgoingMail.objects.all()] == [person.email]
    assert page.status_code == 200
    client.force_login(person)
    own = client.get(reverse("forum:register", args=[edition.slug])).content.decode()
    assert "You were registered by <bdi>Lucía Núñez</bdi>" in own


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"agreed": ""}, "agreed", "Ask the person first."),
        (
            {"attendance": "remote"},
            "attendance",
            "This mode of attendance is not offered.",
        ),
        (
            {"email": "here@known.example"},
            "email",
            "This person is already registered.",
        ),
        ({"email": "nowhere"}, "email", "Enter a valid e-mail address."),
    ],
)
def test_a_wrong_entry_is_refused_beside_its_field(
    client, desk, edition, bad, field, sentence
):
    registered(edition, UserFactory(email="here@known.example"))

    response = client.post(reverse(ADD), entry(edition) | bad)

    assert response.context["adminform"].form.errors[field] == [sentence]
    assert Registration.objects.count() == 1


def test_an_entry_needs_one_address_only(client, desk, edition):
    both = entry(edition, user=UserFactory().pk, email="a@b.example")

    response = client.post(reverse(ADD), both)

    assert "the account has an address" in response.content.decode()


def test_staff_change_a_registration_without_a_new_approval(client, desk, edition):
    CapacityFactory(edition=edition, attendance="remote", places=None)
    one = registered(edition).move("approve", officer())
    page = reverse("admin:forum_registration_change", args=[one.pk])
    values = {"attendance": "remote", "name": "New", "country": one.country_id}

    client.post(page, values)

    one.refresh_from_db()
    assert (one.name, one.attendance, one.status) == ("New", "remote", "approved")
    assert dict(Capacity.objects.values_list("attendance", "taken")) == {
        "on_site": 0,
        "remote": 1,
    }
    assert StatusChange.objects.get(move="edit").by == desk


def test_tags_are_given_to_many_and_narrow_the_list(client, desk, edition):
    tag = RegistrationTag.objects.create(name="إعلام")
    first, second, third = (
        registered(edition, name=name) for name in ("Ada", "Bea", "Cleo")
    )
    chosen = {"_selected_action": [first.pk, second.pk]}

    client.post(reverse(LIST), {"action": f"tag_{tag.pk}"} | chosen)
    client.post(
        reverse(LIST), {"action": f"untag_{tag.pk}", "_selected_action": [second.pk]}
    )
    page = client.get(reverse(LIST), {"tags__id__exact": tag.pk}).content.decode()

    assert list(tag.registrations.all()) == [first]
    assert "Ada" in page
    assert "Bea" not in page
    assert third.name not in page


def test_the_list_counts_its_rows_by_status_and_attendance(client, desk, edition):
    CapacityFactory(edition=edition, attendance="remote", places=1)
    registered(edition).move("approve", officer())
    for _person in range(2):
        registered(edition, attendance="remote")

    counts = client.get(reverse(LIST)).context["counts"]
    narrowed = client.get(reverse(LIST), {"attendance__exact": "remote"})
    html = narrowed.content.decode()

    lines = {str(label): numbers for label, numbers, _total in counts["lines"]}
    assert lines["Approved"] == [1, 0]
    assert lines["Requested"] == [0, 1]
    assert lines["On the waiting list"] == [0, 1]
    assert "Registrations of this list, by status and attendance" in html
    totals = [total for _label, _numbers, total in narrowed.context["counts"]["lines"]]
    assert sum(totals) == 2


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_list_as_a_sheet_has_its_filters_and_runs_nothing(
    client, desk, edition, file_format
):
    tag = RegistrationTag.objects.create(name="Press")
    one = registered(edition, name="=1+1", needs="字幕")
    one.tags.add(tag)
    registered(edition, name="Other")
    address = reverse(EXPORT, args=[file_format])

    content = content_of(client.get(address, {"tags__id__exact": tag.pk}))

    if file_format == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        name = "'=1+1"
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
            "s",
            "n",
            "inlineStr",
        }
        name = "=1+1"
    heads, row = rows[0], rows[1:]
    assert len(row) == 1
    cells = dict(zip(heads, row[0], strict=True))
    assert cells["name on the badge"] == name
    assert cells["e-mail address"] == one.user.email
    assert cells["what you need to take part"] == "字幕"
    assert cells["tags"] == "Press"
    assert cells["status"] == "Requested"


def test_the_sheet_asks_as_much_for_ten_rows_as_for_one(
    client, desk, edition, django_assert_max_num_queries
):
    Capacity.objects.update(places=None)
    registered(edition)
    address = reverse(EXPORT, args=["csv"])
    client.get(address)
    with django_assert_max_num_queries(40) as one:
        client.get(address)
    for _person in range(9):
        registered(edition).tags.create(name=f"Tag {_person}")
    with django_assert_max_num_queries(len(one)):
        client.get(address)


def test_the_sheet_is_for_staff_with_their_second_factor(client, edition):
    client.force_login(UserFactory())

    response = client.get(reverse(EXPORT, args=["csv"]))

    assert response.status_code in (302, 403, 404)
    assert "text/csv" not in response["Content-Type"]


def test_another_kind_of_sheet_does_not_exist(client, desk):
    assert client.get(reverse(EXPORT, args=["pdf"])).status_code == 404
