"""Prize records for the tests: a contest in the phase that the test names, entries, panels."""

import datetime
import itertools

import factory
from django.utils import timezone

from accounts.role.roles import Role
from prizes.ballot.models import cast
from prizes.ballot.voiding import Voiding
from prizes.ballot.voter import voter_of
from prizes.contest.loading import make_categories
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.rules import Criterion, Question
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.hold.models import Hold, Pattern
from prizes.hold.rules import make_rules
from prizes.hold.steps import hold
from prizes.panel.models import Panel, PanelMember
from prizes.result.counting import require_countable
from prizes.result.models import count_votes
from prizes.result.preview import preview
from prizes.result.verification import verified_now
from stocktaking.coeditor.models import CoEditor
from tests.factories import MemberFactory, ProjectFactory, UserFactory

NUMBERS = itertools.count()
KINDS = list(Phase.Kind.values)
WORDS = " ".join(["word"] * 160)


class ContestFactory(factory.django.DjangoModelFactory):
    """`ContestFactory(now="voting")`: that phase runs, those before are over, the rest comes."""

    class Meta:
        model = Contest
        skip_postgeneration_save = True

    year = factory.Sequence(lambda n: 2030 + n % 60)
    slug = factory.LazyAttribute(lambda contest: str(contest.year))
    title = factory.LazyAttribute(lambda contest: f"WSIS Prizes {contest.year}")

    @factory.post_generation
    def now(contest, create, kind):  # noqa: N805  (factory_boy hands over the record)
        make_categories(contest)
        set_phases(contest, kind or "voting")
        Criterion.objects.create(
            contest=contest, order=1, text="Impact", weight=3, scale=5
        )
        Criterion.objects.create(
            contest=contest, order=2, text="Reach", weight=1, scale=10
        )
        Question.objects.create(
            contest=contest, order=1, text="Is it new?", refusal="It must be."
        )


def set_phases(contest, kind):
    """Phases of ten days each; `kind` began five days ago. "none" is after all of them."""
    here = KINDS.index(kind) if kind in KINDS else len(KINDS)
    for place, name in enumerate(KINDS):
        start = timezone.now() + datetime.timedelta(days=10 * (place - here) - 5)
        Phase.objects.update_or_create(
            contest=contest,
            kind=name,
            defaults={
                "opens_at": start,
                "closes_at": start + datetime.timedelta(days=10),
            },
        )


def deadline_changed(user=None, hours=24, reason="A storm"):
    """The end of a submission phase is changed by so many hours."""
    contest = ContestFactory(now="submission")
    phase = contest.phases.get(kind="submission")
    end = phase.closes_at + datetime.timedelta(hours=hours)
    return {"contest": contest, "extension": phase.extend(end, reason, user)}


class EntryFactory(factory.django.DjangoModelFactory):
    """A nominated entry of a published project, in the category of e-government."""

    class Meta:
        model = Entry

    class Params:
        line = "C7-EGOV"

    contest = factory.SubFactory(ContestFactory)
    category = factory.LazyAttribute(
        lambda entry: Category.objects.get(
            contest=entry.contest, action_line=entry.line
        )
    )
    project = factory.SubFactory(ProjectFactory)
    owner = factory.LazyAttribute(
        lambda entry: entry.project.owner if entry.project else None
    )
    title = factory.LazyAttribute(lambda entry: entry.project.title)
    organization = factory.LazyAttribute(lambda entry: entry.project.organization)
    organization_name = factory.LazyAttribute(
        lambda entry: entry.project.organization_name
    )
    country = factory.LazyAttribute(lambda entry: entry.project.country)
    stakeholder_type = factory.LazyAttribute(
        lambda entry: entry.project.stakeholder_type
    )
    description = WORDS
    answers = [{"question": "Is it new?", "answer": True}]
    status = Status.NOMINATED


def coeditor(project, **more):
    """Somebody who edits this project with its owner."""
    person = UserFactory(**more)
    CoEditor.objects.create(
        project=project,
        email=person.email,
        user=person,
        token=f"token-{next(NUMBERS)}",
        by=project.owner,
        expires_at=timezone.now(),
        accepted_at=timezone.now(),
    )
    return person


def voter(**more):
    """A member with a profile of their own organization."""
    return MemberFactory(**more).user


def voiding(vote, one, reason="A robot", told="It came from a program."):
    """A case against a vote, proposed by this officer."""
    return Voiding.objects.create(
        event=vote.event, reason=reason, told=told, proposed_by=one
    )


def held_vote(entry, person=None, number=0):
    """The state of somebody whose vote for the entry is held by a rule."""
    make_rules(entry.contest)
    rule = entry.contest.hold_rules.all()[number]
    pattern = Pattern.objects.get_or_create(
        contest=entry.contest, rule=rule, shared="a" * 16
    )[0]
    person = person or voter()
    cast(entry, person)
    key = voter_of(entry.contest_id, person)
    assert hold(pattern, [key]) == 1
    return Hold.objects.get(contest=entry.contest, voter=key)


def count(contest, *officers):
    """The count as two officers make it; the results."""
    one, two = officers or (UserFactory(role=Role.SECRETARIAT) for _n in range(2))
    require_countable(contest)
    verified_now(contest)
    digest = preview(contest).digest
    assert count_votes(contest, one, digest) == []
    return count_votes(contest, two, digest)


def expert(category, *, chair=False, **more):
    """An expert with a seat on the panel of the category."""
    n = next(NUMBERS)  # experts share no organization and no mail domain with anybody
    user = UserFactory(role=Role.EXPERT, **{"email": f"judge@panel{n}.example"} | more)
    MemberFactory(user=user, organization=None)
    panel, _new = Panel.objects.get_or_create(category=category)
    PanelMember.objects.create(panel=panel, expert=user, is_chair=chair)
    return user
