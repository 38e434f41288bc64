"""Records for the tests: complete, believable, and in the state that the test names."""

import copy
import datetime

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.user.models import User
from common.records.models import Change
from reference.action_line.models import SDG, ActionLine
from reference.country.models import Country, Region
from reference.term.models import (
    ActivityType,
    CoverageLevel,
    StakeholderType,
    TargetGroup,
    Technology,
)
from stocktaking.base.workflow import Status
from stocktaking.member.models import Member
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project

VOCABULARIES = (
    ActionLine,
    ActivityType,
    Country,
    CoverageLevel,
    Region,
    SDG,
    StakeholderType,
    TargetGroup,
    Technology,
)
PASSWORD = "correct-horse-battery-9"


class TermFactory(factory.django.DjangoModelFactory):
    """A vocabulary row; found again by its code, so that tests may name the same one twice."""

    class Meta:
        abstract = True
        django_get_or_create = ("code",)

    name = factory.LazyAttribute(lambda term: f"{term.code} name")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        if row := as_loaded.get((model_class, kwargs["code"])):
            return copy.copy(row)
        return super()._create(model_class, *args, **kwargs)


# Rows that every test finds: to read them anew took a third of the making of a project.
as_loaded = {}


def hold_vocabularies():
    """To be called when the vocabularies are loaded, and nothing else is."""
    for model in VOCABULARIES:
        as_loaded.update({(model, row.code): row for row in model.objects.all()})


class RegionFactory(TermFactory):
    class Meta:
        model = Region

    code = "AFR"
    name = "Africa"


class CountryFactory(TermFactory):
    class Meta:
        model = Country

    code = "KE"
    name = "Kenya"
    region = factory.SubFactory(RegionFactory)


class ActionLineFactory(TermFactory):
    class Meta:
        model = ActionLine

    code = "C7-EGOV"
    name = factory.LazyAttribute(
        lambda line: {"C7-EGOV": "E-government"}.get(line.code, line.code)
    )
    number = factory.LazyAttribute(
        lambda line: {"C7-EGOV": 8}.get(line.code) or ActionLine.objects.count() + 100
    )


class SDGFactory(TermFactory):
    class Meta:
        model = SDG

    code = "9"
    name = factory.LazyAttribute(lambda goal: f"Goal {goal.code}")
    colour = "#fd6925"


class StakeholderTypeFactory(TermFactory):
    class Meta:
        model = StakeholderType

    code = "GOV"
    name = "Government"


class ActivityTypeFactory(TermFactory):
    class Meta:
        model = ActivityType

    code = "PROJECT"
    name = "Project"


class CoverageLevelFactory(TermFactory):
    class Meta:
        model = CoverageLevel

    code = "NATIONAL"
    name = "National"


class TargetGroupFactory(TermFactory):
    class Meta:
        model = TargetGroup

    code = "YOUTH"
    name = "Youth"


class TechnologyFactory(TermFactory):
    class Meta:
        model = Technology

    code = "AI"
    name = "Artificial intelligence"


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a verified address; `role=Role.SECRETARIAT` gives more than membership."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = "Amina"
    last_name = factory.Sequence(lambda n: f"Otieno {n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        password = kwargs.pop("password", PASSWORD)
        user = model_class.objects.create_user(*args, password=password, **kwargs)
        EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
        return user

    @factory.post_generation
    def role(user, create, role):  # noqa: N805  (factory_boy hands over the record)
        if role:
            user.grant(role)


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Ministry of ICT {n}")
    country = factory.SubFactory(CountryFactory)
    confirmed_at = factory.LazyFunction(timezone.now)


class MemberFactory(factory.django.DjangoModelFactory):
    """The profile of an account; the database may have made an empty one already."""

    class Meta:
        model = Member

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        user = kwargs.pop("user")
        return model_class.objects.update_or_create(user=user, defaults=kwargs)[0]

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    stakeholder_type = factory.SubFactory(StakeholderTypeFactory)
    country = factory.SubFactory(CountryFactory)


class ProjectFactory(factory.django.DjangoModelFactory):
    """A complete published entry; `status=Status.DRAFT` and so on for the others.

    Published ones have their version and their row in the change log, as in the portal.
    """

    class Meta:
        model = Project
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Digital villages {n}")
    summary = "Community centres bring broadband and training to remote villages."
    activity_type = factory.SubFactory(ActivityTypeFactory)
    organization = factory.SubFactory(OrganizationFactory)
    organization_name = factory.LazyAttribute(
        lambda project: (
            project.organization.name if project.organization else "Ministry of ICT"
        )
    )
    stakeholder_type = factory.SubFactory(StakeholderTypeFactory)
    contact_name = "Amina Otieno"
    contact_email = "contact@ministry.example"
    country = factory.SubFactory(CountryFactory)
    coverage = factory.SubFactory(CoverageLevelFactory)
    timescale = Project.Timescale.ONGOING
    start_date = "2024"
    year = 2025
    main_action_line = factory.SubFactory(ActionLineFactory)
    owner = factory.SubFactory(UserFactory)
    status = Status.PUBLISHED
    submitted_at = factory.Maybe(
        factory.LazyAttribute(lambda project: project.status != Status.DRAFT),
        datetime.datetime(2025, 3, 1, 9, tzinfo=datetime.UTC),
    )
    published_at = factory.Maybe(
        factory.LazyAttribute(lambda project: project.status == Status.PUBLISHED),
        datetime.datetime(2025, 3, 4, 9, tzinfo=datetime.UTC),
    )

    public_from = factory.Maybe(
        factory.LazyAttribute(lambda project: project.status == Status.APPROVED),
        datetime.datetime(2030, 3, 1, 9, tzinfo=datetime.UTC),
    )

    @factory.post_generation
    def sdgs(project, create, codes):  # noqa: N805  (factory_boy hands over the record)
        """`sdgs=["9", "4"]`; one goal when nothing is said."""
        chosen = ["9"] if codes is None else codes
        project.sdgs.set([SDGFactory(code=code) for code in chosen])

    @factory.post_generation
    def other_action_lines(project, create, codes):  # noqa: N805  (factory_boy hands it over)
        if codes:
            project.other_action_lines.set(
                [ActionLineFactory(code=code) for code in codes]
            )

    @factory.post_generation
    def logged(project, create, extracted):  # noqa: N805  (factory_boy hands over the record)
        if project.status == Status.PUBLISHED:
            project.record_change(Change.Kind.PUBLISH, by=project.owner)
