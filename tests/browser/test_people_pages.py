"""Pages of organizations, members, imports and my data: axe, width, two languages, two schemes."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation

from accounts.api_key.models import ApiKey
from accounts.consent.models import TextVersion
from accounts.personal_data.models import DataExport, Erasure
from accounts.role.roles import Role
from common.imports.models import ImportJob
from common.mail.outbox import unsubscribe_path
from roadmap.agency.models import AgencyMembership
from tests.browser.test_pages import sign_in, walk
from tests.factories import (
    PASSWORD,
    ActionLineFactory,
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.roadmap.records import AgencyFactory
from tests.stocktaking.people import OrganizationRoleFactory

pytestmark = pytest.mark.django_db(transaction=True)
OWN = ["my-pages", "my-data", "notifications", "consent", "api-keys", "api-key-new"]
SHEET = "Project name,Institution,Description\nTelecentres,Ministry of ICT,Centres in villages\n"


@pytest.fixture
def organization():
    found = OrganizationFactory(
        name="International Telecommunication Union",
        aliases=["ITU", "UIT", "الاتحاد الدولي"],
        website="https://itu.example",
    )
    ProjectFactory.create_batch(3, organization=found)
    role = OrganizationRoleFactory(organization=found, shown=True)
    role.move("verify", UserFactory(role=Role.SECRETARIAT))
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_public_pages(page, live_server, organization, language):
    with translation.override(language):
        addresses = [
            ("organizations", reverse("stocktaking:organizations")),
            ("organization", organization.get_absolute_url()),
            ("organizations-odd", reverse("stocktaking:organizations") + "?colour=red"),
            ("member-figures", reverse("stocktaking:member-figures")),
            ("unsubscribe", unsubscribe_path(UserFactory(), "projects")),
        ]

    assert walk(page, live_server, language, addresses) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_members(page, live_server, organization, language):
    user = UserFactory(role=Role.AGENCY)
    sign_in(page, live_server, user)
    member = MemberFactory(
        user=user, listed=True, bio="I build networks.", languages=["en", "ar"]
    )
    member.interests.add(ActionLineFactory(code="C2", number=2))
    OrganizationRoleFactory(member=member)
    DataExport.objects.create(user=user, state="running", percent=40)
    Erasure.objects.create(user=user)
    ApiKey.objects.make(user, "nightly harvest", ["read", "write:projects"], 30)
    ProjectFactory(owner=user, title="Clinics", status="submitted")
    AgencyMembership.objects.create(user=user, agency=AgencyFactory())
    TextVersion.objects.create(
        kind="terms", version="2", summary="Shorter.", published_at="2026-01-01T00:00Z"
    )
    path = default_storage.save("imports/page", ContentFile(SHEET.encode()))
    job = ImportJob.objects.create(
        kind="projects",
        by=user,
        name="projects.csv",
        file=path,
        state="done",
        created=1,
        failed=1,
        mapping={"title": 0, "organization": 1},
        errors=[[2, "country_iso2", "Not known."]],
    )
    names = ["members", "my-profile", "my-roles"]
    with translation.override(language):
        addresses = [(name, reverse(f"stocktaking:{name}")) for name in names]
        addresses += [(name, reverse(name)) for name in OWN]
        addresses += [
            ("member", member.get_absolute_url()),
            ("imports", reverse("imports:list", args=["projects"])),
            ("import", job.get_absolute_url()),
            ("role-ask", reverse("stocktaking:role-ask", args=[organization.pk])),
        ]

    page.goto(
        f"{live_server.url}/en/account/keys/new/"
    )  # asks for the password once more
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/keys/new/")

    assert walk(page, live_server, language, addresses) == []
