"""Organizations as everybody sees them: list, page, roles, API."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused, NotYourMove
from stocktaking.organization.models import Organization
from stocktaking.organization.restructuring import Restructuring
from stocktaking.organization.roles import OrganizationDomain, OrganizationRole
from stocktaking.organization.workflow import ROLE_WORKFLOW, RoleStatus
from tests.factories import (
    CountryFactory,
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    StakeholderTypeFactory,
    UserFactory,
)
from tests.stocktaking.people import OrganizationRoleFactory

pytestmark = pytest.mark.django_db
LIST = "/en/projects/organizations/"


def names(response):
    return [row.name for row in response.context["page"].object_list]


def test_checked_names_are_for_all_and_waiting_ones_for_staff(client):
    OrganizationFactory(name="Checked")
    waiting = OrganizationFactory(name="Waiting", confirmed_at=None)

    public = names(client.get(LIST)), client.get(waiting.get_absolute_url()).status_code
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    listed = client.get(LIST)
    page = client.get(waiting.get_absolute_url())

    assert public == (["Checked"], 404)
    assert names(listed) == ["Checked", "Waiting"]
    assert listed.content.decode().count("name not checked yet") == 1
    assert "name not checked yet" in page.content.decode()


def test_a_merged_organization_leads_to_its_successor_for_good(client):
    kept = OrganizationFactory(name="International Telecommunication Union")
    other = OrganizationFactory(name="ITU")
    Restructuring.objects.merge(kept, other)

    response = client.get(f"{LIST}{other.pk}/")

    assert (response.status_code, response["Location"]) == (
        301,
        kept.get_absolute_url(),
    )
    assert names(client.get(LIST)) == ["International Telecommunication Union"]


@pytest.mark.parametrize(
    "text",
    ["telecom", "ITU", "itu", "uit", "telecomunication", "  INTERNATIONAL   TELECOM "],
)
def test_names_aliases_and_near_spellings_find_it(client, text):
    OrganizationFactory(
        name="International Telecommunication Union", aliases=["ITU", "UIT"]
    )
    OrganizationFactory(name="World Bank")

    assert names(client.get(LIST, {"q": text})) == [
        "International Telecommunication Union"
    ]


def test_filters_and_what_is_unknown(client):
    CountryFactory(code="CH", name="Switzerland")
    OrganizationFactory(
        name="Here",
        country=CountryFactory(code="CH"),
        stakeholder_type=StakeholderTypeFactory(code="GOV"),
    )
    OrganizationFactory(name="There")

    by_country = client.get(LIST, {"country": "CH", "stakeholder_type": "", "q": ""})
    by_type = client.get(LIST, {"stakeholder_type": "GOV"})
    strange = client.get(LIST, {"colour": "red", "country": "MOON"})

    assert (names(by_country), names(by_type)) == (["Here"], ["Here"])
    assert (strange.status_code, sorted(strange.context["filters"].problems)) == (
        400,
        ["colour", "country"],
    )


def test_the_page_shows_published_entries_and_their_figures(client):
    organization = OrganizationFactory(website="https://itu.example", aliases=["ITU"])
    ProjectFactory.create_batch(2, organization=organization, title="Telecentre")
    ProjectFactory(organization=organization, status="draft", title="Secret draft")

    response = client.get(organization.get_absolute_url())

    text = response.content.decode()
    assert response.context["page"].count == 2
    assert [(bar.code, bar.count) for bar in response.context["lines"]] == [
        ("C7-EGOV", 2)
    ]
    assert ("itu.example" in text, "ITU" in text, "Secret draft" in text) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize("count", [1, 10])
def test_queries_do_not_grow_with_rows(client, django_assert_max_num_queries, count):
    organization = OrganizationFactory()
    ProjectFactory.create_batch(count, organization=organization)
    OrganizationFactory.create_batch(count)

    with django_assert_max_num_queries(8):
        client.get(LIST)
    with django_assert_max_num_queries(8):
        client.get(organization.get_absolute_url())


def test_pages_follow_each_other(client):
    OrganizationFactory.create_batch(45)

    seen, address = [], LIST
    while address:
        page = client.get(address).context["page"]
        seen += [row.pk for row in page.object_list]
        address = page.next and LIST + page.next

    assert seen == list(
        Organization.objects.order_by("name", "pk").values_list("pk", flat=True)
    )


def test_the_api_gives_the_same_rows(client):
    kept = OrganizationFactory(name="ITU", aliases=["UIT"])
    other = OrganizationFactory(name="I.T.U.")
    Restructuring.objects.merge(kept, other)
    OrganizationFactory(name="Waiting", confirmed_at=None)
    ProjectFactory(organization=kept)

    found = client.get("/api/v1/organizations/", {"q": "itu", "lang": "fr"}).json()
    one = client.get(f"/api/v1/organizations/{kept.pk}/").json()
    refused = client.get("/api/v1/organizations/", {"country": "MOON"})

    (row,) = found["results"]
    assert (found["count"], row["id"], row["projects"]) == (1, kept.pk, 1)
    assert (row["aliases"], row["merged_ids"]) == (["I.T.U.", "UIT"], [other.pk])
    assert one["country"] == {"code": "KE", "name": "Kenya"}
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (
        400,
        "country",
    )


# --- roles ----------------------------------------------------------------------------------


def ask(client, organization, **answers):
    return client.post(
        reverse("stocktaking:role-ask", args=[organization.pk]),
        {"title": "Director"} | answers,
    )


def test_a_role_waits_for_the_secretariat(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    organization, user = OrganizationFactory(), UserFactory()
    client.force_login(user)

    ask(client, organization, shown="on")
    again = ask(client, organization)
    role = OrganizationRole.objects.get()
    before = client.get(organization.get_absolute_url()).context["people"].count()
    with django_capture_on_commit_callbacks(execute=True):
        role.move("verify", UserFactory(role=Role.SECRETARIAT))
    people = list(client.get(organization.get_absolute_url()).context["people"])

    assert (before, [one.pk for one in people]) == (0, [role.pk])
    assert again.status_code == 400
    assert [mail.to for mail in mailoutbox] == [[user.email]]


def test_a_trusted_domain_verifies_at_once_but_only_a_verified_address(client):
    organization = OrganizationFactory()
    OrganizationDomain.objects.create(organization=organization, domain="itu.example")
    trusted, other = (
        UserFactory(email="a@ITU.example"),
        UserFactory(email="b@itu.example"),
    )
    other.emailaddress_set.update(verified=False)

    for user in (trusted, other):
        client.force_login(user)
        ask(client, organization)

    rows = OrganizationRole.objects.order_by("pk").values_list("member__user", "status")
    assert list(rows) == [(trusted.pk, "verified"), (other.pk, "asked")]
    assert StatusChange.objects.get(move="recognise").by is None


@pytest.mark.parametrize(
    "answers", [{}, {"shown": "on", "until": "2020-01-01", "since": "2019-01-01"}]
)
def test_nobody_is_named_who_did_not_agree_or_has_left(client, answers):
    organization = OrganizationFactory()
    client.force_login(UserFactory())
    ask(client, organization, **answers)
    OrganizationRole.objects.get().move("verify", UserFactory(role=Role.SECRETARIAT))

    assert list(client.get(organization.get_absolute_url()).context["people"]) == []


def actor(name, role):
    return {
        "owner": role.member.user,
        "member": UserFactory(),
        "secretariat": UserFactory(role=Role.SECRETARIAT),
    }[name]


@pytest.mark.parametrize("who", ["owner", "member", "secretariat"])
@pytest.mark.parametrize("status", RoleStatus.values)
@pytest.mark.parametrize("move", list(ROLE_WORKFLOW), ids=lambda move: move.name)
def test_every_move_from_every_status_by_everybody(move, status, who):
    role = OrganizationRoleFactory(status=status)
    person = actor(who, role)
    allowed = move.by & ({"owner", "member"} if who == "owner" else set(person.roles))

    try:
        target = role.move(move.name, person, "Because.").status
    except NotYourMove:
        target = "not yours"
    except MoveRefused:
        target = "refused"

    expected = move.target if status in move.sources else "refused"
    assert target == (expected if allowed else "not yours")


def test_a_refusal_at_the_desk_needs_a_reason(client):
    role = OrganizationRoleFactory(member=MemberFactory())
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    desk = reverse("admin:stocktaking_organizationrole_changelist")

    for note in ("", "We do not know you."):
        client.post(
            desk, {"action": "refuse", "_selected_action": [role.pk], "note": note}
        )

    moves = list(
        StatusChange.objects.filter(record_kind="stocktaking.organizationrole")
    )
    assert [(change.move, change.note) for change in moves] == [
        ("refuse", "We do not know you.")
    ]


def test_names_from_public_sources_are_confirmed_without_asking():
    typed, sourced = OrganizationFactory.create_batch(2, confirmed_at=None)
    ProjectFactory(organization=typed)
    ProjectFactory(organization=sourced, owner=None, source="WSIS Prizes 2015 list")

    counts = [Organization.objects.confirm_sourced() for _call in range(2)]

    assert counts == [1, 0]
    assert list(Organization.objects.confirmed()) == [sourced]
