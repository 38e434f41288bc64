"""Records of the Forum for the tests: one edition in July, its rooms, people and sessions."""

import datetime
import zoneinfo

import factory
from django.utils import timezone

from accounts.role.roles import Role as AccountRole
from forum.agenda.releasing import release_agenda
from forum.badge.models import Badge
from forum.base.workflow import DESK
from forum.consultation.models import Submission
from forum.consultation.phases import InputKind, Phase
from forum.consultation.questions import Question
from forum.consultation.workflow import SubmissionStatus
from forum.edition.models import Edition
from forum.grouping.models import InputGroup
from forum.joining.models import Joining
from forum.letter.models import LetterTemplate
from forum.mailing.models import Mailing
from forum.offer.models import OfferedSlot
from forum.outcome.calls import ChairSummary, ReportCall
from forum.outcome.models import Document, Minutes, OutcomeReport
from forum.people.models import Participation, Person, Role
from forum.poll.models import Poll
from forum.registration.delegation import Delegation
from forum.registration.models import Attendance, Capacity, Registration
from forum.review.models import (
    Review,
    ReviewCriterion,
    Reviewer,
    ReviewPhase,
    ReviewScore,
)
from forum.room.models import Room, SessionType, Track
from forum.room.times import BlockedTime, RoomHours
from forum.screening.models import ScreeningRule
from forum.session.description import Mode
from forum.session.models import Organizer, Session
from forum.session.workflow import SessionStatus
from forum.sign_up.models import SignUpList
from forum.speakers.models import ProposedSpeaker
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    SDGFactory,
    StakeholderTypeFactory,
    TermFactory,
    UserFactory,
)

GENEVA = zoneinfo.ZoneInfo("Europe/Zurich")
DAY = datetime.date(2027, 7, 5)


def at(hour, minute=0, day=DAY, zone=GENEVA):
    """A moment by the clock of Geneva."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), zone)


def officer():
    return UserFactory(role=AccountRole.SECRETARIAT)


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition
        django_get_or_create = ("slug",)

    slug = "2027"
    title = factory.LazyAttribute(lambda edition: f"Forum {edition.slug}")
    first_year = 2027
    last_year = 2027
    start_date = DAY
    end_date = DAY + datetime.timedelta(days=4)
    registration_opens_at = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


class SessionTypeFactory(TermFactory):
    class Meta:
        model = SessionType

    code = "WORKSHOP"
    name = "Thematic Workshop"


class TrackFactory(TermFactory):
    class Meta:
        model = Track

    code = "YOUTH"
    name = "ICTs and Youth"


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    edition = factory.SubFactory(EditionFactory)
    name = factory.Sequence(lambda n: f"Room {n}")
    building = "CICG"


def hours(room, since="08:00", until="20:00", day=None):
    return RoomHours.objects.create(
        room=room, day=day, since=clock(since), until=clock(until)
    )


def blocked(title, since="13:00", until="14:00", *, edition=None, room=None, day=None):
    """A break in all rooms, or a blocked time of one."""
    return BlockedTime.objects.create(
        edition=edition or EditionFactory(),
        room=room,
        title=title,
        day=day,
        since=clock(since),
        until=clock(until),
    )


def offered(room, since="14:00", until="15:00", **fields):
    """A slot that staff offer."""
    values = {"edition": room.edition, "day": DAY} | fields
    return OfferedSlot.objects.create(
        room=room, since=clock(since), until=clock(until), **values
    )


def clock(text):
    return datetime.time.fromisoformat(text)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Speaker {n:03d}")
    organization = "Example University"
    country = factory.SubFactory(CountryFactory)


def invited(user):
    """What the letter says by which a person takes over the record with this address."""
    person = PersonFactory(email=user.email)
    return {"person": person, "token": person.invite(), "days": 30}


class SessionFactory(factory.django.DjangoModelFactory):
    """A session with time and room, as the desk plans it; `status=` for others than drafts."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    title = factory.Sequence(lambda n: f"Digital villages {n}")
    description = "How villages come online."
    type = factory.SubFactory(SessionTypeFactory)
    mode = Mode.BOTH
    room = factory.SubFactory(RoomFactory, edition=factory.SelfAttribute("..edition"))
    start = at(10)
    end = at(11)

    @factory.post_generation
    def action_lines(session, create, codes):  # noqa: N805  (factory_boy hands over the record)
        session.action_lines.set(
            [ActionLineFactory(code=c) for c in codes or ["C7-EGOV"]]
        )

    @factory.post_generation
    def sdgs(session, create, codes):  # noqa: N805  (factory_boy hands over the record)
        session.sdgs.set([SDGFactory(code=code) for code in codes or ["9"]])

    @factory.post_generation
    def speakers(session, create, people):  # noqa: N805  (factory_boy hands over the record)
        for place, person in enumerate(people or []):
            Participation.objects.create(
                session=session, person=person, role=Role.PANELLIST, order=place
            )

    @factory.post_generation
    def organised_by(session, create, name):  # noqa: N805  (factory_boy hands over the record)
        Organizer.objects.create(session=session, name=name or "ITU")


def scheduled(**fields):
    return SessionFactory(**fields).move("schedule", DESK)


def release(edition=None, name="A release", by=None):
    return release_agenda(
        edition or EditionFactory(), by, name, early_reason="Tests answer later."
    )


def released(**fields):
    """A session that the public reads: scheduled, and released with all that was waiting."""
    session = scheduled(**fields)
    release(session.edition)
    session.refresh_from_db()
    return session


def in_status(status, **fields):
    """A session that came to a status through the table."""
    if status == SessionStatus.DRAFT:
        return SessionFactory(**fields)
    if status == SessionStatus.SCHEDULED:
        return scheduled(**fields)
    session = released(**fields)
    steps = {SessionStatus.MOVED: "postpone", SessionStatus.CANCELLED: "cancel"}
    return (
        session.move(steps[status], officer(), "Because.")
        if status in steps
        else session
    )


class PhaseFactory(factory.django.DjangoModelFactory):
    """The phase of today, taking submissions."""

    class Meta:
        model = Phase
        django_get_or_create = ("edition", "number")

    edition = factory.SubFactory(EditionFactory)
    number = 3
    name = "Call for submissions"
    opens_on = factory.LazyFunction(
        lambda: timezone.now().date() - datetime.timedelta(days=5)
    )
    closes_on = factory.LazyFunction(
        lambda: timezone.now().date() + datetime.timedelta(days=5)
    )
    takes_submissions = True


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    edition = factory.SubFactory(EditionFactory)
    owner = factory.SubFactory(UserFactory)
    kind = "workshop"  # a code, or a kind of input
    title = factory.Sequence(lambda n: f"A workshop on villages {n}")
    text = "We propose to speak of villages."
    organization_name = "Ministry of ICT"
    stakeholder_type = factory.SubFactory(StakeholderTypeFactory)
    country = factory.SubFactory(CountryFactory)
    session_type = factory.SubFactory(SessionTypeFactory)
    status = SubmissionStatus.DRAFT

    @classmethod
    def _adjust_kwargs(cls, **values):
        if isinstance(values["kind"], str):
            values["kind"] = kind_of(values["edition"], values["kind"])
        return values


def kind_of(edition, code="workshop"):
    """A kind of input of the edition, which gets the usual ones."""
    InputKind.objects.add_usual(edition)
    return edition.input_kinds.get(code=code)


def question(kind, label, **fields):
    order = kind.questions.count() + 1
    return Question.objects.create(kind=kind, label=label, **{"order": order} | fields)


def named(submission, *names, **fields):
    """Speakers that a proposal names."""
    return [
        ProposedSpeaker.objects.create(submission=submission, name=name, **fields)
        for name in names
    ]


def reviewing(edition=None, user=None, track=None, **phase):
    """The phase of today, with a criterion and a reviewer; returns the reviewer's account."""
    edition = edition or EditionFactory()
    now = timezone.now().date()
    days = {
        "opens_on": now - datetime.timedelta(days=5),
        "closes_on": now + datetime.timedelta(days=5),
    }
    if not edition.review_phases.exists():
        ReviewPhase.objects.create(edition=edition, name="Scoring", **days | phase)
        ReviewCriterion.objects.create(edition=edition, text="Relevance", weight=3)
        ReviewCriterion.objects.create(edition=edition, text="Clarity", scale=10)
    place = Reviewer.objects.count()
    user = user or UserFactory(email=f"reviewer-{place}@panel.example")
    Reviewer.objects.create(edition=edition, user=user, track=track)
    return user


def reviewed(submission, reviewer, *values, state="done", comment=""):
    """A review with these scores, in the order of the criteria."""
    review = Review.objects.create(
        submission=submission, reviewer=reviewer, state=state, comment=comment
    )
    criteria = submission.edition.review_criteria.order_by("order", "pk")
    for criterion, value in zip(criteria, values, strict=False):
        ReviewScore.objects.create(review=review, criterion=criterion, value=value)
    return review


def asked_to_join(author=None, by=None):
    """A request of this author that is asked to join another one."""
    leader = SubmissionFactory(status="submitted")
    fields = {"owner": author} if author else {}
    other = SubmissionFactory(status="submitted", edition=leader.edition, **fields)
    answer_by = timezone.now().date() + datetime.timedelta(days=9)
    return Joining(
        leader=leader, other=other, proposed_by=by or officer(), answer_by=answer_by
    ).propose()


def grouped_inputs(*inputs, name="Villages"):
    """A group of these inputs, which its authors have not seen."""
    return InputGroup.make(
        inputs[0].edition, name, [one.pk for one in inputs], officer()
    )


def screened(kind, threshold=None, **fields):
    """A screening rule of the edition."""
    values = {"edition": EditionFactory()} | fields
    return ScreeningRule.objects.create(kind=kind, threshold=threshold, **values)


class CapacityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Capacity
        django_get_or_create = ("edition", "attendance")

    edition = factory.SubFactory(EditionFactory)
    attendance = Attendance.ON_SITE
    places = 2


def registered(edition=None, user=None, **fields):
    """A registration made as the page makes it; its edition must have a capacity."""
    values = {
        "attendance": Attendance.ON_SITE,
        "name": "Amina",
        "country": CountryFactory(),
    }
    return Registration(
        edition=edition or EditionFactory(),
        user=user or UserFactory(),
        **values | fields,
    ).enter()


def approved(edition=None, user=None, **fields):
    """A registration that staff have approved; its edition gets places if it has none."""
    edition = edition or EditionFactory()
    attendance = fields.get("attendance", Attendance.ON_SITE)
    places = {"attendance": attendance, "defaults": {"places": None}}
    Capacity.objects.get_or_create(edition=edition, **places)
    return registered(edition, user, **fields).move("approve", officer())


def badged(edition=None, user=None, **fields):
    """The badge of an approved registration."""
    return Badge.objects.of(approved(edition, user, **fields))


def template_of(edition, kind="visa", **fields):
    """A template of a letter, in English if no other text is given."""
    values = {
        "title_en": "To whom it may concern",
        "body_en": "We invite {name} ({country}) to {edition}.\n\nNumber {number}.",
        "signatory": "Jane Doe, Head of the secretariat",
    }
    return LetterTemplate.objects.create(edition=edition, kind=kind, **values | fields)


def delegation(focal_point=None, seats=0, **fields):
    """A delegation of the edition, with so many seats reserved on site."""
    values = {
        "edition": EditionFactory(),
        "name": "Ministry of ICT",
        "reserved_until": DAY,
    }
    found, _made = Delegation.objects.get_or_create(**values | fields)
    if seats:
        found.reserve(seats)
    if focal_point:
        found.focal_points.get_or_create(user=focal_point)
    return found


def sign_up_list(places=2, **fields):
    """A released session for which one signs up."""
    return SignUpList.objects.create(session=released(**fields), places=places)


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Document

    edition = factory.SubFactory(EditionFactory)
    kind = Document.Kind.OUTCOME
    title = factory.Sequence(lambda n: f"Outcome document {n}")
    link = "https://www.itu.int/outcome.pdf"


class OutcomeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutcomeReport

    session = factory.LazyFunction(released)
    summary = "Villages agreed on masts."
    handed_in_at = factory.LazyFunction(timezone.now)
    published_at = factory.LazyFunction(timezone.now)


class MinutesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Minutes

    session = factory.LazyFunction(released)
    text = "Ms Otieno opened the session."
    published_at = factory.LazyFunction(timezone.now)


class ChairSummaryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChairSummary

    edition = factory.SubFactory(EditionFactory)
    text = "The chair has listened."


class MailingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mailing
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    segments = factory.LazyFunction(lambda: ["on_site"])
    by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def texts(mailing, create, texts):  # noqa: N805  (factory_boy hands over the record)
        mailing.texts.create(language="en", subject="Welcome", text="Dear {name}")


class PollFactory(factory.django.DjangoModelFactory):
    """An open poll with two choices."""

    class Meta:
        model = Poll
        skip_postgeneration_save = True

    session = factory.LazyFunction(released)
    question = "Which mast?"
    by = factory.SubFactory(UserFactory)
    opened_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def texts(poll, create, texts):  # noqa: N805  (factory_boy hands over the record)
        for order, text in enumerate(texts or ["The high one", "القصير"]):
            poll.choices.create(text=text, order=order)


class ReportCallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportCall
        django_get_or_create = ("edition",)

    edition = factory.SubFactory(EditionFactory)
    due_at = factory.LazyFunction(lambda: at(18, day=DAY + datetime.timedelta(days=9)))


def message(user):
    """What the mail to a segment is told."""
    return {"subject": "Welcome", "body": "The agenda is public."}


def report_reminder(user):
    """What the reminder of a report is told."""
    call = ReportCallFactory()
    return {"call": call, "sessions": [released(owner=user)], "kind": "late"}
