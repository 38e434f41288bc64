"""Experts are asked by e-mail and seated when they accept."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.invitation.models import Invitation, ask, token_of
from prizes.panel.models import Panel, PanelMember
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest(db):
    return ContestFactory(now="submission", title="WSIS Prizes 2044")


def invited(contest, person, line="C4", *, chair=False, **more):
    category = contest.categories.get(action_line=line)
    panel, _new = Panel.objects.get_or_create(category=category)
    return Invitation.objects.create(panel=panel, expert=person, is_chair=chair, **more)


def asked(contest, person, line="C4", **more):
    return invited(contest, person, line, asked_at=timezone.now(), **more)


def page_of(invitation):
    token = token_of(invitation.panel.category.contest_id, invitation.expert_id)
    return reverse("prizes:invitation", args=[token])


def test_one_mail_names_all_seats_of_a_person(contest):
    person = UserFactory(language="fr")
    invited(contest, person, "C4", chair=True)
    invited(contest, person, "C5")

    mails, left_out = ask(Invitation.objects.all())

    mail = OutgoingMail.objects.get()
    assert (mails, left_out) == (1, 0)
    assert mail.to == person.email
    assert "C4 Le renforcement des capacités (président)" in mail.body
    assert "C5" in mail.body
    assert "/fr/prizes/invitations/" in mail.body
    assert all(row.asked_at for row in Invitation.objects.all())


def test_nobody_is_asked_twice_in_three_days(contest):
    person = UserFactory()
    invitation = invited(contest, person)
    ask(Invitation.objects.all())

    assert ask(Invitation.objects.all()) == (0, 1)
    long_ago = timezone.now() - datetime.timedelta(days=3, minutes=1)
    Invitation.objects.filter(pk=invitation.pk).update(asked_at=long_ago)
    assert ask(Invitation.objects.all()) == (1, 0)
    assert OutgoingMail.objects.count() == 2


def test_closed_accounts_and_those_who_answered_are_left_out(contest):
    invited(contest, UserFactory(is_active=False))
    said = asked(contest, UserFactory(), "C5")
    said.answer(accepts=False)
    Invitation.objects.update(asked_at=None)

    assert ask(Invitation.objects.all()) == (0, 2)


def test_who_accepts_is_seated_with_the_role_and_who_declines_is_not(client, contest):
    person = UserFactory()
    yes = asked(contest, person, "C4", chair=True)
    no = asked(contest, person, "C5")

    page = client.get(page_of(yes)).content.decode()
    answered = client.post(
        page_of(yes), {f"seat_{yes.pk}": "yes", f"seat_{no.pk}": "no"}, follow=True
    ).content.decode()

    assert "C4: Capacity building (chair)" in page
    assert "You have accepted." in answered
    assert "You have declined." in answered
    assert f"seat_{yes.pk}" not in answered
    seat = PanelMember.objects.get()
    assert (seat.panel, seat.expert, seat.is_chair) == (yes.panel, person, True)
    assert Role.EXPERT in person.granted_roles


def test_opening_the_link_answers_nothing(client, contest):
    invitation = asked(contest, UserFactory())

    client.get(page_of(invitation))

    invitation.refresh_from_db()
    assert invitation.accepted is None


def test_seats_can_be_answered_one_by_one(client, contest):
    person = UserFactory()
    first, second = asked(contest, person, "C4"), asked(contest, person, "C5")

    client.post(page_of(first), {f"seat_{first.pk}": "no"})
    page = client.get(page_of(first)).content.decode()

    assert f'name="seat_{second.pk}"' in page
    assert "You have declined." in page
    assert not PanelMember.objects.exists()


def test_the_first_answer_stands(client, contest):
    invitation = asked(contest, UserFactory())
    client.post(page_of(invitation), {f"seat_{invitation.pk}": "no"})

    assert not invitation.answer(accepts=True)
    assert not PanelMember.objects.exists()


def test_a_panel_keeps_its_chair(contest):
    invitation = asked(contest, UserFactory(), chair=True)
    chair = expert(invitation.panel.category, chair=True)

    invitation.answer(accepts=True)

    seats = {seat.expert: seat.is_chair for seat in invitation.panel.seats.all()}
    assert seats == {chair: True, invitation.expert: False}


@pytest.mark.parametrize("typed", ["", "perhaps"])
def test_an_answer_is_yes_or_no(client, contest, typed):
    invitation = asked(contest, UserFactory())

    response = client.post(page_of(invitation), {f"seat_{invitation.pk}": typed})

    sentence = "perhaps is not one of" if typed else "Choose an answer."
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_links_of_others_and_withdrawn_ones_lead_nowhere(client, contest):
    invitation = asked(contest, UserFactory())
    address = page_of(invitation)
    invitation.delete()

    for path, status in ((address, 410), ("/en/prizes/invitations/1:2:3/", 404)):
        response = client.get(path)
        assert response.status_code == status
        assert "This link is no longer valid" in response.content.decode()


def test_an_answer_has_its_time(contest):
    invitation = asked(contest, UserFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(accepted=True)


def test_staff_ask_from_the_list_and_see_how_many(client, contest, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    rows = [invited(contest, UserFactory()), asked(contest, UserFactory())]
    page = reverse("admin:prizes_invitation_changelist")

    told = client.post(
        page,
        {"action": "ask_by_mail", "_selected_action": [row.pk for row in rows]},
        follow=True,
    ).content.decode()
    waiting = client.get(page, {"answer": "not_asked"}).content.decode()

    assert "1 person is asked by e-mail." in told
    assert "the account is closed: 1." in told
    assert "0 invitations to panels" in waiting


def test_an_accepted_invitation_is_kept(client, contest, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    invitation = asked(contest, UserFactory())
    invitation.answer(accepts=True)
    page = reverse("admin:prizes_invitation_delete", args=[invitation.pk])

    told = client.post(page, {"post": "yes"}, follow=True).content.decode()

    assert "The invitation was accepted: remove the seat instead." in told
    assert Invitation.objects.filter(pk=invitation.pk).exists()
