"""Changing a registration: a fresh approval, the place is kept; people without an account."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse

from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from forum.registration.models import Capacity, Registration
from forum.registration.workflow import RegistrationStatus
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import CapacityFactory, EditionFactory, officer, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    edition = EditionFactory()
    CapacityFactory(edition=edition, places=1)
    CapacityFactory(edition=edition, attendance="remote", places=1)
    return edition


def page_of(registration):
    return reverse("forum:registration-edit", args=[registration.pk])


def sent(registration, **changes):
    values = {
        "attendance": registration.attendance,
        "name": registration.name,
        "organization_name": registration.organization_name,
        "country": registration.country_id,
        "needs": registration.needs,
    }
    return values | changes


def taken():
    return dict(Capacity.objects.values_list("attendance", "taken"))


def statuses():
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def approved(edition):
    return registered(edition).move("approve", officer())


def test_a_new_name_is_approved_once_more_and_the_place_is_kept(client, approved):
    waiting = registered(approved.edition)
    client.force_login(approved.user)

    opened = client.get(page_of(approved)).content.decode()
    after = client.post(
        page_of(approved), sent(approved, name="Ánjali Rao"), follow=True
    ).content.decode()

    assert "the secretariat checks it once more" in opened
    assert "Opened with" not in opened
    assert "the place is kept" in after
    assert approved.code not in after
    assert statuses() == ["requested", "waitlisted"]
    assert taken() == {"on_site": 1, "remote": 0}
    assert waiting.place_in_waiting_list() == 1
    revised = StatusChange.objects.get(move="revise")
    assert (revised.by, revised.note) == (approved.user, "name on the badge")
    desk = officer()
    assert Registration.objects.get(pk=approved.pk).move("approve", desk).name == (
        "Ánjali Rao"
    )


def test_what_is_needed_to_take_part_needs_no_new_approval(client, approved):
    client.force_login(approved.user)

    after = client.post(
        page_of(approved), sent(approved, needs="Sign language"), follow=True
    ).content.decode()

    assert "The changes are saved." in after
    assert approved.code in after
    assert Registration.objects.get().needs == "Sign language"
    assert StatusChange.objects.get(move="edit").by == approved.user


def test_a_form_that_is_saved_unchanged_changes_nothing(client, approved):
    client.force_login(approved.user)
    before = StatusChange.objects.count()

    client.post(page_of(approved), sent(approved))

    assert statuses() == ["approved"]
    assert StatusChange.objects.count() == before


def test_another_way_of_taking_part_gives_the_place_to_who_waits(client, approved):
    first, second = registered(approved.edition), registered(approved.edition)
    client.force_login(approved.user)

    client.post(page_of(approved), sent(approved, attendance="remote"))

    assert statuses() == ["requested", "requested", "waitlisted"]
    assert taken() == {"on_site": 1, "remote": 1}
    assert Registration.objects.get(pk=approved.pk).attendance == "remote"
    assert (first.pk, second.place_in_waiting_list()) == (first.pk, 1)


def test_who_waits_takes_a_free_place_of_another_kind(client, approved):
    waiting = registered(approved.edition)
    client.force_login(waiting.user)

    client.post(page_of(waiting), sent(waiting, attendance="remote"))

    assert statuses() == ["approved", "requested"]
    assert taken() == {"on_site": 1, "remote": 1}
    assert (
        "a place has become free for you" in OutgoingMail.objects.latest("pk").subject
    )


def test_nobody_loses_a_place_by_asking_for_one_that_is_not_free(client, approved):
    registered(approved.edition, attendance="remote")
    client.force_login(approved.user)

    response = client.post(page_of(approved), sent(approved, attendance="remote"))

    assert response.status_code == 400
    assert "Your registration stays as it was." in response.content.decode()
    assert statuses() == ["approved", "requested"]
    assert taken() == {"on_site": 1, "remote": 1}


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "\ufffd"}, "name", "Some characters could not be read (“�”)."),
        ({"attendance": "by_post"}, "attendance", "Select a valid choice."),
        ({"country": "??"}, "country", "Select a valid choice."),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_stays(
    client, approved, bad, field, sentence
):
    client.force_login(approved.user)

    response = client.post(
        page_of(approved), sent(approved, organization_name="شركة") | bad
    )

    assert response.status_code == 400
    assert sentence in response.context["form"].errors[field][0]
    assert "شركة" in response.content.decode()
    assert statuses() == ["approved"]


def test_nobody_else_and_nobody_after_the_forum_changes_it(client, approved):
    client.force_login(UserFactory())
    stranger = client.get(page_of(approved)).status_code
    client.force_login(approved.user)
    approved.edition.start_date = approved.edition.end_date = "2020-01-01"
    approved.edition.save()
    late = client.get(page_of(approved)).status_code
    page = client.get(approved.get_absolute_url()).content.decode()

    assert (stranger, late) == (404, 404)
    assert "Change my registration" not in page


def test_a_registration_that_has_ended_cannot_be_changed(approved):
    approved.move("cancel", approved.user)
    approved.name = "Other"

    with pytest.raises(MoveRefused) as refused:
        approved.revise(approved.user)

    assert "has ended" in str(refused.value.message)
    assert Registration.objects.get().name == "Amina"


def test_two_windows_do_not_overwrite_each_other(client, approved):
    client.force_login(approved.user)
    form = client.get(page_of(approved)).context["form"]
    marks = {"opened_with": form["opened_with"].value()}
    client.post(page_of(approved), sent(approved, name="First") | marks)

    second = client.post(page_of(approved), sent(approved, name="Second") | marks)

    assert second.status_code == 409
    assert Registration.objects.get().name == "First"


def without_account(edition, address="minister@gov.example", **fields):
    person = Registration(
        edition=edition,
        attendance="on_site",
        name="Minister",
        country=CountryFactory(),
        email=address,
        **fields,
    )
    return person.enter(officer())


def confirmed(address):
    user = UserFactory(email=address)
    EmailAddress.objects.update_or_create(
        user=user, email=address, defaults={"verified": True, "primary": True}
    )
    return user


def test_somebody_without_account_gets_letters_and_takes_it_over_later(client, edition):
    entered = without_account(edition)
    letter = OutgoingMail.objects.get(to="minister@gov.example")
    user = confirmed("minister@gov.example")
    client.force_login(user)

    page = client.get(entered.get_absolute_url()).content.decode()
    client.post(reverse("forum:registration-claim", args=[entered.pk]))
    after = client.get(entered.get_absolute_url()).content.decode()

    assert "Dear Minister" in letter.body
    assert "create one with the address minister@gov.example" in letter.body
    assert "You have been registered" in page
    assert 'name="agreed"' not in page
    assert "This registration is yours now." in after
    assert Registration.objects.get().user == user
    assert taken()["on_site"] == 1


def test_an_address_that_is_not_confirmed_takes_over_nothing(client, edition):
    entered = without_account(edition)
    user = UserFactory(email="minister@gov.example")
    EmailAddress.objects.filter(user=user).update(verified=False)
    client.force_login(user)

    page = client.get(entered.get_absolute_url()).content.decode()
    answer = client.post(reverse("forum:registration-claim", args=[entered.pk]))

    assert "You have been registered" not in page
    assert answer.status_code == 404


def test_an_address_of_an_account_is_registered_for_the_account(edition):
    user = confirmed("known@un.example")

    entered = without_account(edition, "Known@UN.example")

    assert (entered.user, entered.email) == (user, "")


def test_an_address_is_registered_once(edition):
    without_account(edition)

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(
            edition=edition,
            attendance="on_site",
            name="Again",
            email="Minister@GOV.example",
            status=RegistrationStatus.WAITLISTED,
        )
