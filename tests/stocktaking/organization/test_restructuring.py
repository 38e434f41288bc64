"""Organizations become one, or two, with all that points to them, and back again."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.moves.workflow import MoveRefused
from common.records.models import Change
from forum.session.models import Organizer
from prizes.ballot.barring import FormerMembership
from prizes.entry.models import Entry
from prizes.panel.ties import OrganizationTie
from stocktaking.base.workflow import Status
from stocktaking.follow.models import Follow
from stocktaking.member.models import Member
from stocktaking.merge.models import STAYS as STAYS_WITH_PROJECT
from stocktaking.merge.models import Merge
from stocktaking.organization.models import Organization
from stocktaking.organization.references import references_to
from stocktaking.organization.restructuring import STAYS, Restructuring
from stocktaking.organization.roles import OrganizationDomain, OrganizationRole
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.project.models import Project
from tests.factories import (
    CountryFactory,
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.forum.records import SessionFactory, delegation
from tests.prizes.records import EntryFactory
from tests.stocktaking.people import OrganizationRoleFactory

pytestmark = pytest.mark.django_db
# What is only ever added to: it tells of the merge and of its undo.
LOGS = {
    "common.change",
    "common.statuschange",
    "common.recordversion",
    "common.outgoingmail",
    "stocktaking.restructuring",
    "stocktaking.merge",
    "admin.logentry",
    "stocktaking.word",
    "common.servedstate",
    "prizes.formermembership",
    "sessions.session",
    "usersessions.usersession",
}
COUNTED = {
    "version",
    "updated_at",
}  # of public records, whose next version says what happened


def foreign_keys(model):
    """Read here from the models' own metadata, in another way than the portal does it."""
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is model:
                yield other._meta.label_lower, field.name


def rows_of_database():
    """Every row of every table but the logs, as plain values."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if label in LOGS or not model._meta.managed:
            continue
        for row in serializers.serialize("python", model._base_manager.all()):
            fields = {n: v for n, v in row["fields"].items() if n not in COUNTED}
            found[label, str(row["pk"])] = fields
    return found


def everything_at(organization):
    """A row in each table that points to an organization."""
    project = ProjectFactory(organization=organization)
    Follow.objects.create(user=UserFactory(), organization=organization)
    OrganizationRoleFactory(organization=organization, status="verified")
    OrganizationDomain.objects.create(
        organization=organization, domain=f"o{organization.pk}.example"
    )
    OrganizationTrust.objects.create(organization=organization, status="trusted")
    MemberFactory(organization=organization)
    FormerMembership.objects.create(
        user=UserFactory(), organization=organization, until=timezone.now()
    )
    OrganizationFactory(successor=organization)
    EntryFactory(project=project, organization=organization)
    Organizer.objects.create(
        session=SessionFactory(),
        name=f"Held by {organization.pk}",
        organization=organization,
    )
    delegation(name=f"Led by {organization.pk}", organization=organization)
    for pair in ("organization", "other"):
        rest = {"organization", "other"} - {pair}
        OrganizationTie.objects.create(
            kind="part", **{pair: organization, rest.pop(): OrganizationFactory()}
        )


def at_both(kept, other):
    """A person, a follower and a domain that both have."""
    member, follower = MemberFactory(), UserFactory()
    OrganizationRoleFactory(member=member, organization=kept, status="asked")
    OrganizationRoleFactory(member=member, organization=other, status="verified")
    for organization in (kept, other):
        Follow.objects.create(user=follower, organization=organization)
        OrganizationDomain.objects.create(
            organization=organization, domain="both.example"
        )
    OrganizationTrust.objects.create(organization=kept, status="allowed")
    return member


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


@pytest.fixture
def pair():
    kept = OrganizationFactory(name="Telecentre Union", aliases=["TU"])
    other = OrganizationFactory(
        name="Union of Telecentres", aliases=["UT"], ror="03yrm5c26"
    )
    return kept, other


def test_the_portal_knows_every_foreign_key_to_an_organization():
    known = {
        (ref.model._meta.label_lower, ref.name) for ref in references_to(Organization)
    }

    assert known == set(foreign_keys(Organization))
    assert known >= STAYS


def test_merge_carries_every_foreign_key_and_undo_gives_the_same_rows(officer, pair):
    kept, other = pair
    everything_at(other)
    at_both(kept, other)
    filled = {
        (label, name)
        for label, name in foreign_keys(Organization)
        if apps.get_model(label)._base_manager.filter(**{name: other}).exists()
    }
    before = rows_of_database()

    done = Restructuring.objects.merge(kept, other, officer)

    assert filled == set(foreign_keys(Organization)) - STAYS, (
        "give the new table a row above"
    )
    left = [
        (label, name)
        for label, name in foreign_keys(Organization)
        if (label, name) not in STAYS
        and apps.get_model(label)._base_manager.filter(**{name: other}).exists()
    ]
    assert left == []
    assert OrganizationTrust.objects.get(organization=kept).status == "trusted"
    both = OrganizationRole.objects.filter(organization=kept, status="verified")
    assert both.count() == 2
    kept.refresh_from_db()
    assert (kept.ror, kept.aliases) == (
        "03yrm5c26",
        ["TU", "UT", "Union of Telecentres"],
    )

    done.undo(officer)

    assert rows_of_database() == before


def test_blocked_stays_blocked(officer, pair):
    kept, other = pair
    OrganizationTrust.objects.create(organization=kept, status="trusted")
    OrganizationTrust.objects.create(organization=other, status="blocked")

    Restructuring.objects.merge(kept, other, officer)

    assert OrganizationTrust.objects.get(organization=kept).status == "blocked"


def test_two_prize_entries_of_one_category_both_stand(officer, pair):
    first = EntryFactory(organization=pair[0], status="submitted")
    second = EntryFactory(
        organization=pair[1],
        category=first.category,
        contest=first.contest,
        status="submitted",
    )
    before = rows_of_database()

    done = Restructuring.objects.merge(*pair, officer)

    assert Entry.objects.get(pk=second.pk).organization == pair[0]
    done.undo(officer)
    assert rows_of_database() == before


def test_officer_sees_what_moves_merges_and_undoes(client, officer, pair):
    kept, other = pair
    everything_at(other)
    where = reverse("admin:stocktaking_organization_merge")
    ids = f"{kept.pk},{other.pk}"

    preview = client.post(where, {"ids": ids, "survivor": kept.pk}).content.decode()
    untouched = Organization.objects.get(pk=other.pk).successor
    client.post(where, {"ids": ids, "survivor": kept.pk, "confirm": "1"})
    page = client.get(reverse("admin:stocktaking_organization_change", args=[kept.pk]))
    done = Restructuring.objects.get()
    undo = reverse("admin:stocktaking_organization_undo", args=[done.pk])

    for kind in ("Projects: 1", "Members: 1", "Prize entries: 1", "Trusted domains: 1"):
        assert kind in preview
    assert untouched is None
    assert Organization.objects.get(pk=other.pk).successor == kept
    assert undo in page.content.decode()
    assert "Union of Telecentres" in client.get(undo).content.decode()
    client.post(undo)
    assert Organization.objects.get(pk=other.pk).successor is None
    assert Project.objects.get().organization == other
    done.refresh_from_db()
    assert (done.by, done.undone_by) == (officer, officer)


def test_change_log_tells_of_merge_and_undo(client, officer, pair):
    kept, other = pair
    project = ProjectFactory(organization=other)

    done = Restructuring.objects.merge(kept, other, officer)
    merged = client.get(f"/api/v1/projects/{project.pk}/").json()["organization"]
    done.undo(officer)
    parted = client.get(f"/api/v1/projects/{project.pk}/").json()["organization"]

    assert (merged, parted) == (kept.pk, other.pk)
    kinds = Change.objects.filter(record_id=str(project.pk)).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["publish", "update", "update"]
    assert client.get(other.get_absolute_url()).status_code == 200


def test_later_merge_is_undone_first(officer, pair):
    third = OrganizationFactory(name="Third")
    first = Restructuring.objects.merge(*pair, officer)
    second = Restructuring.objects.merge(third, pair[0], officer)

    with pytest.raises(MoveRefused, match="later"):
        first.undo(officer)
    second.undo(officer)
    first.undo(officer)
    with pytest.raises(MoveRefused, match="undone already"):
        first.undo(officer)

    assert not Organization.objects.exclude(successor=None).exists()


@pytest.mark.parametrize("who", [None, Role.EXPERT])
def test_pages_are_staffs(client, pair, who):
    if who:
        client.force_login(UserFactory(role=who))
    done = Restructuring.objects.merge(*pair)

    for name, args in (("merge", []), ("split", [pair[0].pk]), ("undo", [done.pk])):
        address = reverse(f"admin:stocktaking_organization_{name}", args=args)
        assert client.post(address, {"ids": pair[0].pk}).status_code in {302, 403, 404}
    assert Restructuring.objects.get().undone_at is None


# --- split ----------------------------------------------------------------------------------


@pytest.fixture
def mixed():
    """A ministry that wrongly holds what is another country's."""
    CountryFactory(code="OM", name="Oman")
    ministry = OrganizationFactory(
        name="Ministry of Education",
        country=CountryFactory(code="SA"),
        aliases=["MoE Oman"],
    )
    here = ProjectFactory(
        title="Noor", organization=ministry, country=CountryFactory(code="SA")
    )
    there = ProjectFactory(
        title="Oman portal", organization=ministry, country=CountryFactory(code="OM")
    )
    OrganizationTrust.objects.create(organization=ministry, status="trusted")
    member = MemberFactory(organization=ministry, country=CountryFactory(code="OM"))
    return ministry, here, there, member


def split_page(client, ministry, **more):
    where = reverse("admin:stocktaking_organization_split", args=[ministry.pk])
    return client.post(where, {"name": "Ministry of Education", "country": "OM"} | more)


def test_officer_splits_off_what_is_another_countrys_and_undoes_it(
    client, officer, mixed
):
    ministry, here, there, member = mixed
    before = rows_of_database()

    proposed = split_page(client, ministry)
    ticked = {
        kind.key: [pk for pk, _name, _country, on in kind.rows if on]
        for kind in proposed.context["kinds"]
    }
    chosen = ticked | {"ticked": "1", "alias": "MoE Oman"}
    preview = split_page(client, ministry, **chosen)

    assert ticked["stocktaking.project.organization"] == [there.pk]
    assert ticked["stocktaking.member.organization"] == [member.pk]
    assert "Projects: 1" in preview.content.decode()
    assert Organization.objects.count() == 1
    split_page(client, ministry, **chosen, confirm="1")
    oman = Organization.objects.get(country="OM")
    there.refresh_from_db()
    assert (there.organization, Project.objects.get(pk=here.pk).organization) == (
        oman,
        ministry,
    )
    assert oman.aliases == ["MoE Oman"]
    assert Member.objects.get(pk=member.pk).organization == oman
    assert OrganizationTrust.objects.get().organization == ministry
    assert client.get(f"/api/v1/organizations/{oman.pk}/").json()["projects"] == 1
    done = Restructuring.objects.get()
    client.post(reverse("admin:stocktaking_organization_undo", args=[done.pk]))

    assert rows_of_database() == before


def test_split_goes_to_a_listed_organization(client, officer, mixed):
    ministry, _here, there, _member = mixed
    oman = OrganizationFactory(
        name="Ministry of Education", country=CountryFactory(code="OM"), aliases=[]
    )
    before = rows_of_database()

    split_page(
        client,
        ministry,
        target=oman.pk,
        ticked="1",
        confirm="1",
        **{"stocktaking.project.organization": [there.pk]},
    )

    there.refresh_from_db()
    assert there.organization == oman
    Restructuring.objects.get().undo(officer)
    assert rows_of_database() == before


def test_nothing_ticked_and_a_name_that_is_listed_get_a_sentence(
    client, officer, mixed
):
    OrganizationFactory(name="Ministry of Education", country=CountryFactory(code="OM"))

    taken = split_page(client, mixed[0])
    nothing = split_page(
        client, mixed[0], country="", name="Union", ticked="1", confirm="1"
    )

    assert (taken.status_code, nothing.status_code) == (400, 409)
    assert "already listed in this country" in taken.content.decode()
    assert "Choose what belongs" in nothing.content.decode()
    assert Organization.objects.count() == 2


# --- records --------------------------------------------------------------------------------


def test_every_foreign_key_to_a_project_goes_over_or_is_named_with_a_reason():
    known = {(ref.model._meta.label_lower, ref.name) for ref in references_to(Project)}

    assert known == set(foreign_keys(Project))
    assert set(STAYS_WITH_PROJECT) <= known
    assert all(STAYS_WITH_PROJECT.values())


def test_merge_of_records_carries_what_points_to_the_activity_and_comes_back(officer):
    survivor, loser = ProjectFactory(), ProjectFactory()
    third = ProjectFactory()
    Merge.objects.merge(loser, third, {}, officer)
    follower = UserFactory()
    for project in (survivor, loser):
        Follow.objects.create(user=follower, project=project)
    Follow.objects.create(user=UserFactory(), project=loser)
    EntryFactory(project=loser)
    before = rows_of_database()

    Merge.objects.merge(survivor, loser, {}, officer)

    goes = [key for key in foreign_keys(Project) if key not in STAYS_WITH_PROJECT]
    left = [
        (label, name)
        for label, name in goes
        if apps.get_model(label)._base_manager.filter(**{name: loser}).exists()
    ]
    assert left == []
    assert Project.objects.get(pk=third.pk).successor == survivor
    Project.objects.get(pk=loser.pk).move("unmerge", officer)
    assert rows_of_database() == before


def test_merge_of_records_says_what_goes_over_and_can_be_undone_days_later(
    client, officer
):
    survivor, loser = ProjectFactory(), ProjectFactory()
    Follow.objects.create(user=UserFactory(), project=loser)
    where = reverse("admin:stocktaking_project_merge", args=[survivor.pk])

    page = client.get(where, {"with": loser.number})
    client.post(where, {"with": loser.pk, "seen": page.context["seen"]})
    apps.get_model("common", "StatusChange").objects.update(
        at=models.F("at") - timedelta(days=9)
    )
    record = client.get(reverse("admin:stocktaking_project_change", args=[loser.pk]))
    Project.objects.get(pk=loser.pk).move("unmerge", officer)

    assert "Saved searches and follows: 1" in page.content.decode()
    assert "Undo the merge" in record.content.decode()
    assert Project.objects.get(pk=loser.pk).status == Status.PUBLISHED
    told = apps.get_model("common", "OutgoingMail").objects.filter(
        subject__contains="two projects"
    )
    assert set(told.values_list("to", flat=True)) == {
        survivor.owner.email,
        loser.owner.email,
    }
