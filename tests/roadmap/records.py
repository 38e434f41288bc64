"""Records of the roadmap for the tests."""

import factory
from django.utils import timezone

from accounts.role.roles import Role
from roadmap.agency.models import Agency, AgencyMembership
from roadmap.body.models import Body
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.milestone.workflow import Status
from roadmap.position.models import Evidence, PositionVersion, write_position
from roadmap.resolution.models import Resolution
from roadmap.roadmap.models import Roadmap
from tests.factories import UserFactory

SOURCE = "A public page"


class AgencyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agency
        django_get_or_create = ("code",)

    code = "ITU"
    short = factory.SelfAttribute("code")
    name = factory.LazyAttribute(lambda agency: f"The agency {agency.code}")
    source = SOURCE


class RoadmapFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Roadmap
        django_get_or_create = ("code",)

    code = "ITU"
    short = factory.SelfAttribute("code")
    name = factory.LazyAttribute(lambda roadmap: f"The roadmap {roadmap.code}")
    source = SOURCE


class BodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Body
        django_get_or_create = ("code",)

    code = "UNGIS"
    short = factory.SelfAttribute("code")
    name = factory.LazyAttribute(lambda body: f"The body {body.code}")
    source = SOURCE


class MilestoneFactory(factory.django.DjangoModelFactory):
    """A published milestone with its first version; `status=Status.DRAFT` for a draft."""

    class Meta:
        model = Milestone
        skip_postgeneration_save = True

    roadmap = factory.SubFactory(RoadmapFactory)
    title = factory.Sequence(
        lambda n: f"Regional consultation number {n} feeds the review"
    )
    kind = Milestone.Kind.CONSULTATION
    body = factory.SubFactory(BodyFactory)
    lead = factory.SubFactory(AgencyFactory)
    start = "2025-07-07"
    source = SOURCE
    status = Status.PUBLISHED
    published_at = factory.Maybe(
        factory.LazyAttribute(lambda m: m.status == Status.PUBLISHED),
        factory.LazyFunction(timezone.now),
    )

    @factory.post_generation
    def kept(milestone, create, extracted):  # noqa: N805  (factory_boy hands over the record)
        if milestone.status != Status.DRAFT and not milestone.baseline_start:
            milestone.freeze_baseline()
        if milestone.status == Status.PUBLISHED:
            milestone.record_change("create")


class ResolutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Resolution

    code = factory.Sequence(lambda n: f"resolution-{n}")
    symbol = factory.Sequence(lambda n: f"A/RES/80/{n}")
    title = "Outcome"
    body = factory.SubFactory(BodyFactory)
    adopted = "2025-12"
    source = SOURCE


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    title = factory.Sequence(lambda n: f"Meeting {n}")
    body = factory.SubFactory(BodyFactory)
    start = "2025-06"
    source = SOURCE


def focal_point(code, *, approves=False):
    """A person who writes for an agency."""
    user = UserFactory(role=Role.AGENCY)
    AgencyMembership.objects.create(
        user=user, agency=AgencyFactory(code=code), approves=approves
    )
    return user


def proof():
    return Evidence(label="Minutes", link="https://example.org/minutes")


def state(milestone, user, completion="limited", seen=0, evidence=None, **values):
    """A draft of the first agency of this person."""
    agency = user.agencies.get().agency
    said = {
        "completion": completion,
        "text": f"{agency.pk} says {completion}.",
    } | values
    pieces = [proof()] if evidence is None else evidence
    position = PositionVersion(
        milestone=milestone,
        agency=agency,
        version=seen + 1,
        evidence_count=len(pieces),
        by=user,
        **said,
    )
    position.full_clean(exclude=["milestone", "agency", "by"], validate_unique=False)
    return write_position(position, pieces)


def published(milestone, user, completion="limited", seen=0, **values):
    return state(milestone, user, completion, seen, **values).move("publish", user)
