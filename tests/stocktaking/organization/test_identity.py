"""Two ministries of one name in two countries are two organizations, by every door."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from accounts.role.roles import Role
from stocktaking.base.workflow import Status
from stocktaking.follow.models import Follow
from stocktaking.imports.importer import ProjectImporter
from stocktaking.member.models import Member
from stocktaking.organization.identity import clean_ror, clean_wikidata
from stocktaking.organization.models import Organization, split_country
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.project.models import Project
from stocktaking.screening.checks import screen
from stocktaking.search.similar import likely_twins
from tests.factories import (
    CountryFactory,
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    StakeholderTypeFactory,
    UserFactory,
)
from tests.stocktaking.import_file import a_file

pytestmark = pytest.mark.django_db
NAME = "Ministry of Education"
DATA = Path(__file__).resolve().parents[3]


@pytest.fixture
def riyadh():
    """The ministry of Saudi Arabia, trusted and followed."""
    ministry = OrganizationFactory(
        name=NAME, country=CountryFactory(code="SA"), aliases=["MoE"]
    )
    OrganizationTrust.objects.create(organization=ministry, status="trusted")
    Follow.objects.create(user=UserFactory(), organization=ministry)
    return ministry


def submitted(**fields):
    draft = ProjectFactory(
        status=Status.DRAFT, organization=None, **{"organization_name": NAME} | fields
    )
    draft.move("submit", draft.owner)
    return Project.objects.get(pk=draft.pk)


@pytest.mark.parametrize("name", [NAME, "ministry of  education", "MoE"])
@pytest.mark.parametrize("country", ["BD", "OM", "INTL"])
def test_submission_from_another_country_is_not_riyadhs(riyadh, name, country):
    project = submitted(organization_name=name, country=CountryFactory(code=country))

    assert project.organization != riyadh
    assert project.organization.confirmed_at is None
    assert not OrganizationTrust.objects.filter(
        organization=project.organization
    ).exists()
    assert Project.objects.at_desk().with_lane().get(pk=project.pk).lane == "amber"
    assert "organization_new" in {
        finding["check"] for finding in screen(project).findings
    }


def test_submission_from_the_same_country_is_riyadhs(riyadh):
    project = submitted(organization_name="MOE", country=CountryFactory(code="SA"))

    assert project.organization == riyadh
    assert Project.objects.at_desk().with_lane().get(pk=project.pk).lane == "green"


def test_international_organization_is_one_wherever_its_projects_are():
    union = OrganizationFactory(name="Postal Union", country=None, international=True)
    kind = StakeholderTypeFactory(code="IGO", name="International Organization")

    kenya = submitted(
        organization_name="postal union", country=CountryFactory(code="KE")
    )
    peru = submitted(
        organization_name="Postal Union",
        country=CountryFactory(code="PE"),
        stakeholder_type=kind,
    )
    other = submitted(
        organization_name="River Commission",
        country=CountryFactory(code="PE"),
        stakeholder_type=kind,
    )

    assert (kenya.organization, peru.organization) == (union, union)
    assert (other.organization.country, other.organization.international) == (
        None,
        True,
    )


def test_one_of_two_is_picked_in_the_form_without_javascript(client, riyadh):
    """The select beside the name says which is meant; so does the text the list would fill in."""
    muscat = OrganizationFactory(
        name=NAME, country=CountryFactory(code="OM", name="Oman")
    )
    for answers in (
        {"organization_name": NAME, "organization_country": "OM"},
        {"organization_name": f"{NAME} (Oman)"},
        {"organization_name": f"{NAME} (عُمان)"},
    ):
        draft = ProjectFactory(
            status=Status.DRAFT,
            organization=None,
            organization_name="",
            country=CountryFactory(code="SA"),
        )
        client.force_login(draft.owner)
        where = reverse("stocktaking:project-step", args=[draft.pk, "who"])
        others = {
            "stakeholder_type": "GOV",
            "contact_name": "A",
            "contact_email": "a@x.example",
        }
        versions = client.get(where).context["versions"]
        page = client.post(
            where, answers | others | {"next": "1", "versions": versions}
        )
        assert page.status_code == 302
        shown = client.get(where).content.decode()
        draft.refresh_from_db()
        draft.link_organization()

        assert (draft.organization, draft.organization_name) == (muscat, NAME), answers
        assert '<option value="OM" selected>' in shown
        assert f'value="{NAME} (Oman)"' in shown


def test_names_are_offered_with_their_country(client, riyadh):
    OrganizationFactory(name=NAME, country=CountryFactory(code="OM", name="Oman"))
    OrganizationFactory(name="Education Union", country=None, international=True)
    client.force_login(UserFactory())

    page = client.get(
        reverse("stocktaking:organization-names"), {"organization_name": "education"}
    ).content.decode()

    assert f"{NAME} (Oman)" in page
    assert f"{NAME} (Saudi Arabia)" in page
    assert "Education Union (International)" in page


def test_profile_takes_the_ministry_of_the_members_country(client, riyadh):
    member = MemberFactory(organization=None, country=CountryFactory(code="BD"))
    client.force_login(member.user)
    where = reverse("stocktaking:my-profile")

    client.post(where, {"organization_name": NAME, "country": "BD"})
    own = Member.objects.get(pk=member.pk).organization
    client.post(where, {"organization_name": f"{NAME} (Saudi Arabia)", "country": "BD"})
    picked = Member.objects.get(pk=member.pk).organization

    assert (own.country_id, own.confirmed_at) == ("BD", None)
    assert picked == riyadh


def test_import_keeps_them_apart(riyadh):
    CountryFactory(code="BD", name="Bangladesh")
    file = a_file(
        {"title": "A", "organization": NAME, "country_iso2": "SA"},
        {"title": "B", "organization": "MoE", "country_iso2": "BD"},
        {"title": "C", "organization": "moe", "country_iso2": "BD"},
    )

    ProjectImporter.import_file(file)

    found = {
        p.title: p.organization for p in Project.objects.exclude(organization=None)
    }
    assert found["A"] == riyadh
    assert found["B"] == found["C"] != riyadh
    assert found["B"].country_id == "BD"


def test_twins_are_those_of_the_same_organization(riyadh):
    public = ProjectFactory(
        title="Noor schools", organization=riyadh, country=CountryFactory(code="SA")
    )
    there = ProjectFactory(
        title="Noor schools",
        organization=None,
        organization_name=NAME,
        country=CountryFactory(code="BD"),
        status=Status.DRAFT,
    )
    here = ProjectFactory(
        title="Noor schools",
        organization=None,
        organization_name=NAME,
        country=CountryFactory(code="SA"),
        status=Status.DRAFT,
    )

    assert likely_twins(there, Project.objects.published()) == []
    assert likely_twins(here, Project.objects.published()) == [public]


def test_admin_adds_the_second_and_refuses_the_third(client, riyadh):
    CountryFactory(code="OM", name="Oman")
    client.force_login(
        UserFactory(role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True)
    )
    where = reverse("admin:stocktaking_organization_add")
    data = {
        "name": NAME,
        "country": "OM",
        "aliases": "",
        "website": "",
        "ror": "",
        "wikidata": "Q42",
        "domains-TOTAL_FORMS": 0,
        "domains-INITIAL_FORMS": 0,
    }

    answers = [
        client.post(where, data | change)
        for change in (
            {},
            {"name": NAME.upper(), "wikidata": ""},
            {"country": "SA", "wikidata": ""},
            {"name": "Another", "ror": "03yrm5c27"},
            {"name": "Third", "international": "on"},
            {"name": "Fourth", "wikidata": "https://www.wikidata.org/wiki/q42"},
        )
    ]

    assert [answer.status_code for answer in answers] == [302, 200, 200, 200, 200, 200]
    assert "already listed in this country" in answers[1].content.decode()
    assert "Enter a ROR identifier" in answers[3].content.decode()
    assert "leave the country empty" in answers[4].content.decode()
    assert "Another organization has this identifier" in answers[5].content.decode()


@pytest.mark.parametrize("country", ["SA", None])
def test_database_refuses_a_second_one(country):
    place = country and CountryFactory(code=country)
    OrganizationFactory(name=NAME, country=place)

    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(name=NAME.upper(), country=place)


def test_identifiers_are_checked():
    assert clean_ror("https://ror.org/03YRM5C26") == "03yrm5c26"
    assert clean_wikidata("http://wikidata.org/entity/Q33150") == "Q33150"
    for bad in ("03yrm5c27", "ror", "13yrm5c26"):
        with pytest.raises(ValidationError):
            clean_ror(bad)
    for bad in ("33150", "Q0", "P31"):
        with pytest.raises(ValidationError):
            clean_wikidata(bad)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ministry (Kenya)", ("Ministry", "KE")),
        ("Ministry (كينيا)", ("Ministry", "KE")),
        ("Ministry (Iran (Islamic Republic of))", ("Ministry", "IR")),
        ("GESCI (Global e-Schools)", ("GESCI (Global e-Schools)", "")),
        ("(Kenya)", ("(Kenya)", "")),
    ],
)
def test_name_with_country_is_parted(text, parts):
    CountryFactory(code="IR", name="Iran (Islamic Republic of)")
    assert split_country(text) == parts


def test_no_shipped_organization_holds_projects_of_two_countries(client):
    call_command(
        "import_projects", DATA / "stocktaking/data/projects.csv", stdout=io.StringIO()
    )
    call_command("confirm_organizations", stdout=io.StringIO())
    call_command("load_contests", stdout=io.StringIO())
    call_command(
        "import_prize_entries",
        DATA / "prizes/data/prize_entries.csv",
        stdout=io.StringIO(),
    )

    rows = Organization.objects.annotate(
        of_projects=models.Count("projects__country", distinct=True),
        of_entries=models.Count("prize_entries__country", distinct=True),
    )
    two = rows.filter(models.Q(of_projects__gt=1) | models.Q(of_entries__gt=1))
    assert [row.name for row in two if not row.international] == []
    abroad = Project.objects.exclude(organization=None).exclude(
        organization__international=True
    )
    assert not abroad.exclude(country=models.F("organization__country")).exists()
    assert Organization.objects.filter(name__iexact=NAME).count() == 5
    assert not Organization.objects.filter(name__startswith="(").exists()
    assert Project.objects.filter(organization_name="", organization=None).count() == 6
    first = client.get("/en/projects/organizations/").content.decode()
    assert "government)" not in first
    saudi = Organization.objects.get(name__iexact=NAME, country="SA")
    page = client.get(saudi.get_absolute_url()).content.decode()
    assert ("Saudi Arabia" in page, "Oman Educational Portal" in page) == (True, False)
    record = client.get(f"/api/v1/organizations/{saudi.pk}/").json()
    assert (record["country"]["code"], record["international"]) == ("SA", False)


def test_type_ahead_of_the_admin_tells_namesakes_apart(client, riyadh):
    OrganizationFactory(name=NAME, country=CountryFactory(code="OM", name="Oman"))
    client.force_login(
        UserFactory(role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True)
    )

    found = client.get(
        reverse("admin:autocomplete"),
        {
            "term": "education",
            "app_label": "stocktaking",
            "model_name": "member",
            "field_name": "organization",
        },
    ).json()

    assert {row["text"] for row in found["results"]} == {
        f"{NAME} (Oman)",
        f"{NAME} (Saudi Arabia)",
    }
