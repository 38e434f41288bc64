"""Conflicts of interest that are found without being declared."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.role.roles import Role
from prizes.base.conflicts import kinds_of_conflicts
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.ties import OrganizationTie
from stocktaking.coeditor.models import CoEditor
from stocktaking.organization.restructuring import Restructuring
from stocktaking.organization.roles import OrganizationDomain, OrganizationRole
from tests.factories import MemberFactory, OrganizationFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory(now="nomination")


@pytest.fixture
def entry(contest):
    return EntryFactory(contest=contest, status=Status.ACCEPTED)


@pytest.fixture
def judge(entry):
    person = expert(entry.category, email="judge@mail.institute.example")
    MemberFactory(
        user=person, organization=OrganizationFactory(name="Institute of Kiosks")
    )
    person.refresh_from_db()  # with the profile as it stands now
    return person


def same_organization(entry, judge):
    entry.organization = judge.member.organization
    entry.save()


def requested_role(entry, judge):
    entry.organization = OrganizationFactory()
    entry.save()
    OrganizationRole.objects.create(
        member=judge.member, organization=entry.organization, title="Adviser"
    )


def part_of_it(entry, judge):
    entry.organization = OrganizationFactory()
    entry.save()
    OrganizationTie.objects.create(
        organization=judge.member.organization, other=entry.organization, kind="part"
    )


def it_is_part(entry, judge):
    entry.organization = OrganizationFactory()
    entry.save()
    OrganizationTie.objects.create(
        organization=entry.organization, other=judge.member.organization, kind="part"
    )


def typed_name(entry, judge):
    entry.organization = None
    entry.organization_name = "INSTITUTE of  Kiosks."
    entry.save()
    entry.project.organization = None
    entry.project.save()


def named_as_partner(entry, judge):
    entry.project.partners = "Ministry of Health; the Institute of Kiosks (Geneva)"
    entry.project.save()


def coeditor(entry, judge):
    CoEditor.objects.create(
        project=entry.project,
        user=judge,
        email=judge.email,
        by=entry.owner,
        expires_at="2099-01-01T00:00:00Z",
    )


def domain_above(entry, judge):
    type(entry.owner).objects.filter(pk=entry.owner_id).update(
        email="owner@institute.example"
    )


def domain_below(entry, judge):
    entry.project.contact_email = "kiosks@lab.mail.institute.example"
    entry.project.save()


def domain_of_coeditor(entry, judge):
    other = UserFactory(email="second@institute.example")
    CoEditor.objects.create(
        project=entry.project,
        user=other,
        email=other.email,
        by=entry.owner,
        expires_at="2099-01-01T00:00:00Z",
    )


def second_address(entry, judge):
    EmailAddress.objects.create(
        user=judge, email=f"me@{entry.owner.email.partition('@')[2]}"
    )


def second_address_of_owner(entry, judge):
    EmailAddress.objects.create(user=entry.owner, email="x@Institute.Example")


def trusted_domain(entry, judge):
    entry.organization = OrganizationFactory()
    entry.save()
    OrganizationDomain.objects.create(
        organization=entry.organization, domain="institute.example"
    )


def country(entry, judge):
    type(judge.member).objects.filter(user=judge).update(country=entry.country)
    entry.contest.country_barred = True
    entry.contest.save()


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (same_organization, "organization"),
        (requested_role, "organization"),
        (typed_name, "organization"),
        (part_of_it, "relative"),
        (it_is_part, "relative"),
        (named_as_partner, "partner"),
        (coeditor, "own"),
        (domain_above, "domain"),
        (domain_below, "domain"),
        (domain_of_coeditor, "domain"),
        (second_address, "domain"),
        (second_address_of_owner, "domain"),
        (trusted_domain, "domain"),
        (country, "country"),
    ],
)
def test_the_entry_is_hidden_from_the_expert(
    client, contest, entry, judge, cause, kind
):
    address = reverse("prizes:review", args=[contest.slug, entry.pk])
    client.force_login(judge)
    before = client.get(address)
    cause(entry, judge)

    after = client.get(address)

    assert str(entry) in before.content.decode()
    assert after.status_code == 404
    assert kind in kinds_of_conflicts([judge.pk])[entry.pk, judge.pk]


def other_country_rule(entry, judge):
    type(judge.member).objects.filter(user=judge).update(country=entry.country)


def part_of_a_word(entry, judge):
    entry.project.partners = "Institute of Kiosksmen"
    entry.project.save()


def other_house(entry, judge):
    entry.project.contact_email = "kiosks@otherinstitute.example"
    entry.project.save()


def public_mail(entry, judge):
    type(judge).objects.filter(pk=judge.pk).update(email="judge@gmail.com")
    entry.project.contact_email = "kiosks@gmail.com"
    entry.project.save()


@pytest.mark.parametrize(
    "cause", [other_country_rule, part_of_a_word, other_house, public_mail]
)
def test_what_only_looks_like_a_conflict_hides_nothing(entry, judge, cause):
    cause(entry, judge)

    assert list(Entry.objects.reviewable_by(judge)) == [entry]


def test_a_tie_is_recorded_once_and_goes_along_with_a_merge(
    client, settings, entry, judge
):
    settings.REQUIRE_STAFF_MFA = False
    officer = UserFactory(role=Role.SECRETARIAT)
    client.force_login(officer)
    one, two = judge.member.organization, OrganizationFactory()
    address = reverse("admin:prizes_organizationtie_add")
    data = {"organization": one.pk, "kind": "partner", "other": two.pk}

    client.post(address, data)
    turned = client.post(address, data | {"organization": two.pk, "other": one.pk})
    itself = client.post(address, data | {"other": one.pk})
    Restructuring.objects.merge(
        entry.organization or OrganizationFactory(), two, officer
    )

    assert "recorded already" in turned.content.decode()
    assert "Choose another organization." in itself.content.decode()
    tie = OrganizationTie.objects.get()
    assert tie.other != two
    entry.organization = tie.other
    entry.save()
    assert not Entry.objects.reviewable_by(judge).exists()
