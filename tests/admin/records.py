"""One record of each table of the admin, for tests that walk all of its pages."""

import datetime
import uuid

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.utils import timezone

from accounts.consent.models import TextVersion
from accounts.role.roles import Role
from accounts.second_factor.models import FactorReset
from common.imports.models import ImportJob
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from forum.badge.models import Badge
from forum.checkin.models import CheckIn
from forum.consultation.workflow import SubmissionStatus
from forum.decision.models import Letter
from forum.follow_up.models import FollowUp
from forum.letter.models import IssuedLetter
from forum.printing.models import PrintJob
from forum.registration.models import Registration
from forum.release.models import ReleaseJob
from forum.sign_up.models import SignUpList
from prizes.ballot.barring import FormerMembership
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import Vote, cast
from prizes.ballot.order import Turn
from prizes.ballot.removal import Removal
from prizes.ballot.voiding import Voiding, VoidNotice
from prizes.ballot.vote_list import VoteListWish
from prizes.ballot.voter import Mailbox
from prizes.base.remark import Remark
from prizes.certificate.models import CertificateJob
from prizes.checking.models import HeldDay
from prizes.contest.models import Extension
from prizes.contest.rules import Figure
from prizes.entry.amendment import Amendment
from prizes.entry.winners import WinnerAnswer
from prizes.entry.workflow import Status as PrizeStatus
from prizes.hold.models import Pattern, Signal, SignalKey
from prizes.hold.rules import Age, make_rules
from prizes.hold.steps import hold
from prizes.invitation.models import Invitation
from prizes.letter.models import Letter as PrizeLetter
from prizes.letter.models import LetterBatch, LetterTemplate
from prizes.panel.anonymous import RedactedText
from prizes.panel.decision import Assignment, Choice
from prizes.panel.delegation import Delegation
from prizes.panel.forwarding import Forwarding
from prizes.panel.models import Conflict, Review, Score
from prizes.panel.ties import OrganizationTie
from prizes.public_record.models import Witness
from prizes.public_record.tasks import publish_one
from prizes.result.files import RecordFile
from prizes.result.models import CountProposal, Result
from prizes.result.verification import Verification
from prizes.screening.batch import ScreeningBatch
from prizes.screening.models import Screening
from prizes.screening.usual import add_usual
from prizes.text.models import EntryTranslation
from reports.archive.models import ArchivedEdition
from reports.feedback.models import Feedback
from reports.schedule.models import Schedule
from roadmap.body.models import Office
from roadmap.document.models import Document, Issue
from roadmap.figure.models import Figure as RoadmapFigure
from roadmap.milestone.workflow import Status as MilestoneStatus
from roadmap.resolution.models import Paragraph, Relation
from roadmap.review.models import ActionLineReview
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.exploring.models import Collection
from stocktaking.follow.models import Follow
from stocktaking.merge.models import Merge
from stocktaking.message.models import Message
from stocktaking.organization.restructuring import Restructuring
from stocktaking.organization.roles import OrganizationDomain, OrganizationRole
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.project.models import Project
from stocktaking.review.models import DeskAssignment, Reason, ReasonText, SavedView
from stocktaking.upkeep.models import Upkeep
from tests.factories import (
    ActionLineFactory,
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.forum import records as forum
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases, voter
from tests.reports.contribution.records import asked_for
from tests.reports.records import frozen, secretariat
from tests.roadmap import records as roadmap
from tests.stocktaking.records import (
    attached,
    ownership_request_for,
    revision_of,
    text_of,
)

# Rows that only long work writes; their pages are all of one read-only kind.
WITHOUT_RECORD = {
    "accounts.ApiKey",
    "accounts.Consent",
    "accounts.DataExport",
    "accounts.Erasure",
    "accounts.MailChoice",
    "accounts.SignIn",
    "forum.CalendarKey",
    "forum.Star",
    "roadmap.DateChange",
    "roadmap.ReconciliationNote",
    "stocktaking.Batch",
    "common.ImportedRecord",
    "stocktaking.Reminder",
    "stocktaking.Screening",
    "stocktaking.WebsiteCheck",
}


def one_of_each():
    """Fill every table of the admin; returns nothing: the pages find their records."""
    _accounts()
    _stocktaking()
    _forum()
    _prizes()
    _roadmap()
    Feedback.objects.create(
        publication=frozen(), version=1, answer="yes", text="Clear.", language="en"
    )
    asked_for(secretariat())
    ArchivedEdition.objects.create(
        series="global",
        title="Stocktaking report 2014",
        year=2014,
        source="Seen in print",
    )
    Schedule.objects.get_or_create(
        series="global",
        every_region=False,
        region=None,
        language="ar",
        defaults={
            "every_months": 12,
            "years_covered": 1,
            "next_on": datetime.date(2030, 1, 5),
        },
    )


def _accounts():
    person = UserFactory(first_name="Awa")
    TextVersion.objects.create(kind="terms", version="99", published_at=timezone.now())
    OutgoingMail.objects.create(
        to=person.email, subject="Welcome", body="Good day", tries=3
    )
    Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": "x"})
    FactorReset.objects.create(user=person, explanation="My phone was stolen.")
    UserSession.objects.create(
        user=person, session_key="k" * 32, ip="192.0.2.1", user_agent="A browser"
    )


def _stocktaking():
    project = ProjectFactory(status=Status.SUBMITTED)
    published = ProjectFactory()
    attached(published, "Evaluation", scan="held")
    ownership_request_for(published)
    revision_of(published, status="submitted")
    text_of(published, "submitted")
    member = MemberFactory()
    organization = OrganizationFactory(confirmed_at=None)
    OrganizationDomain.objects.create(
        organization=organization, domain="ministry.example"
    )
    OrganizationTrust.objects.of(organization)
    OrganizationRole.objects.create(
        member=member, organization=organization, title="Director"
    )
    merged = OrganizationFactory(
        name="Zonal ministry"
    )  # sorts last: the others stay to be edited
    Restructuring.objects.merge(OrganizationFactory(), merged)
    reason = Reason.objects.create(code="unclear", move="refuse")
    ReasonText.objects.create(
        reason=reason, language="en", label="Unclear", text="Say more."
    )
    Collection.objects.create(slug="villages", title="Villages", query="q=villages")
    Upkeep.objects.get_or_create(project=published)
    Message.objects.create(
        project=project, by=project.owner, from_staff=False, text="When?"
    )
    officer = UserFactory(role=Role.SECRETARIAT)
    DeskAssignment.objects.assign(officer, Project.objects.filter(pk=project.pk))
    SavedView.objects.create(by=officer, name="Africa", query="region=AFR")
    Follow.objects.create(user=member.user, project=published)
    ImportJob.objects.create(kind="projects", by=officer, name="projects.csv")
    CoEditor.objects.create(
        project=published,
        email="a@b.example",
        by=published.owner,
        expires_at=timezone.now() + datetime.timedelta(days=7),
    )
    loser = ProjectFactory(status=Status.ARCHIVED)
    Merge.objects.create(loser=loser, survivor=published, by=officer)


def _forum():
    person = forum.PersonFactory()
    session = forum.released(speakers=[person])
    forum.PhaseFactory(edition=session.edition)
    forum.question(forum.kind_of(session.edition), "Which room do you need?")
    forum.blocked("Lunch", edition=session.edition)
    forum.offered(session.room)
    forum.hours(session.room)
    forum.CapacityFactory(edition=session.edition)
    forum.SubmissionFactory(
        edition=session.edition,
        status=SubmissionStatus.SUBMITTED,
        submitted_at=timezone.now(),
    )
    forum.reviewing(session.edition)
    forum.grouped_inputs(
        forum.SubmissionFactory(edition=session.edition, status="submitted"),
        forum.SubmissionFactory(edition=session.edition, status="submitted"),
    )
    Letter.objects.create(edition=session.edition, move="accept", text_en="Welcome.")
    forum.screened("speakers", 3, edition=session.edition)
    forum.DocumentFactory(edition=session.edition)
    forum.OutcomeFactory(session=session, published_at=None)
    forum.MinutesFactory(session=session)
    forum.ReportCallFactory(edition=session.edition)
    forum.ChairSummaryFactory(edition=session.edition)
    forum.TrackFactory()
    session.other_texts.create(language="fr", title="Villages")
    session.edition.releases.first().printouts.create(kind="programme", language="en")
    _registered(session)


def _registered(session):
    forum.delegation(UserFactory(), edition=session.edition)
    forum.registered(session.edition).tags.create(name="Press")
    approved = Registration.objects.get().move("approve", forum.officer())
    offered = SignUpList.objects.create(session=session, places=2)
    offered.sign_ups.create(registration=approved)
    FollowUp.objects.create(registration=approved, filled_at=timezone.now())
    Badge.objects.of(approved)
    PrintJob.objects.create(edition=session.edition, kind="badges")
    ReleaseJob.objects.create(
        edition=session.edition, by=forum.officer(), name="First agenda"
    )
    forum.template_of(session.edition)
    IssuedLetter.objects.create(registration=approved, kind="visa")
    CheckIn.objects.create(
        uid=uuid.uuid4(),
        edition=session.edition,
        registration=approved,
        at=timezone.now(),
    )


def _prizes():
    contest = ContestFactory()
    entry = EntryFactory(contest=contest)
    judge = expert(entry.category)
    cast(entry, voter())
    Voiding.objects.create(
        event=Vote.objects.get().event,
        reason="A robot",
        told="?",
        proposed_by=UserFactory(),
    )
    phase = contest.phases.get(kind="voting")
    phase.extend(phase.closes_at + datetime.timedelta(hours=1), "Rain", judge)
    assert Extension.objects.exists()
    Figure.objects.create(
        contest=contest, kind="submitted", value="945", source="A list"
    )
    later = ContestFactory()
    set_phases(later, "nomination")
    in_panel = EntryFactory(contest=later, status=PrizeStatus.ACCEPTED)
    EntryFactory(
        contest=later, status=PrizeStatus.SUBMITTED, submitted_at=timezone.now()
    )
    second = expert(in_panel.category)
    Assignment.objects.create(entry=in_panel, expert=second)
    Conflict.objects.create(entry=in_panel, expert=judge, reason="A friend")
    review = Review.objects.create(entry=in_panel, reviewer=second)
    Score.objects.create(review=review, criterion=later.criteria.first(), value=3)
    Choice.objects.create(
        panel=in_panel.category.panel, expert=second, entry=in_panel, reason="Wide use"
    )
    _panels(in_panel, second)
    Invitation.objects.create(panel=in_panel.category.panel, expert=judge)
    decision = StatusChange.objects.create(
        record_kind="prizes.entry", record_id=in_panel.pk, move="accept"
    )
    screened = Screening.objects.create(entry=in_panel, screener=UserFactory())
    add_usual(later)
    screened.store_answers({later.checks.first().pk: ("no", "Too long")})
    ScreeningBatch.objects.create(
        contest=later, move="accept", by=UserFactory(), previewed_at=timezone.now()
    ).start([in_panel.pk])
    Remark.objects.create(change=decision, text="The address was checked.")
    _held(entry)
    _count(entry)
    _after_the_count(contest, entry, judge)


def _after_the_count(contest, entry, judge):
    """Amendments, letters, certificates, and the project of a winner of the past."""
    WinnerAnswer.objects.create(
        entry=entry, project=ProjectFactory(), is_same=False, by=UserFactory()
    )
    Amendment.objects.create(
        entry=entry,
        kind="disqualified",
        note="It was withdrawn.",
        reason="A letter",
        proposed_by=UserFactory(),
    )
    batch = LetterBatch.objects.create(contest=contest, outcome="nominated", by=judge)
    PrizeLetter.objects.create(
        batch=batch,
        entry=entry,
        outcome="nominated",
        language="en",
        subject="Good news",
        text="Dear colleague",
        written_by=judge,
    )
    CertificateJob.objects.create(contest=contest)
    EntryTranslation.objects.create(
        entry=entry, language="fr", title="Ports de pêche", description="Un port."
    )
    LetterTemplate.objects.create(
        contest=contest, outcome="nominated", subject="Good news", text="Dear {name}"
    )


def _held(entry):
    """Rules, signals and a voter whose votes are held."""
    make_rules(entry.contest)
    rule = entry.contest.hold_rules.first()
    pattern = Pattern.objects.create(contest=entry.contest, rule=rule, shared="4" * 16)
    hold(pattern, [Vote.objects.get().voter])
    GroupVoid.objects.create(
        pattern=pattern, reason="A robot", told="?", proposed_by=UserFactory()
    )
    Signal.objects.create(
        contest=entry.contest, voter="5" * 64, hour=timezone.now(), age=Age.DAY
    )
    SignalKey.objects.create(contest=entry.contest, key="6" * 64)
    HeldDay.objects.create(
        contest=entry.contest, category=entry.category, day=timezone.now().date()
    )
    make_rules(ContestFactory())  # not in use yet: these can change


def _panels(in_panel, second):
    """What chairs, experts and their colleagues write."""
    Delegation.objects.create(
        entry=in_panel, expert=second, email="a@b.example", token="0" * 64
    )
    RedactedText.objects.create(entry=in_panel, title="A project of ▮▮▮")
    Forwarding.objects.create(
        entry=in_panel,
        source=in_panel.category,
        target=in_panel.contest.categories.exclude(pk=in_panel.category_id).first(),
        reason="It is about health",
        by=second,
    )
    OrganizationTie.objects.create(
        organization=OrganizationFactory(), other=OrganizationFactory(), kind="part"
    )


def _count(entry):
    """What the portal writes while and after votes are counted."""
    contest, officer = entry.contest, UserFactory()
    CountProposal.objects.create(contest=contest, digest="0" * 64, proposed_by=officer)
    Result.objects.create(
        category=entry.category, entry=entry, rank=1, votes=1, frozen_at=timezone.now()
    )
    Removal.objects.create(entry=entry)
    VoidNotice.objects.create(case=Voiding.objects.latest("pk"))
    VoidNotice.objects.create(group=GroupVoid.objects.latest("pk"))
    VoteListWish.objects.create(contest=contest, user=officer)
    publish_one(contest)
    Verification.objects.create(contest=contest)
    RecordFile.objects.create(contest=contest)
    Witness.objects.create(contest=contest, address="keeper@press.example")
    Mailbox.objects.get_or_create(contest=contest, digest="1" * 64, key="2" * 64)
    Turn.objects.get_or_create(contest=contest, key="2" * 64)
    FormerMembership.objects.create(
        user=officer, organization=OrganizationFactory(), until=timezone.now()
    )


def _roadmap():
    milestone = roadmap.MilestoneFactory()
    roadmap.MilestoneFactory(status=MilestoneStatus.DRAFT, start="2031-01")
    point = roadmap.focal_point("ITU", approves=True)
    roadmap.state(milestone, point)
    resolution, other = roadmap.ResolutionFactory(), roadmap.ResolutionFactory()
    Paragraph.objects.create(
        resolution=resolution, number="3", summary="Asks", source="Text"
    )
    Relation.objects.create(
        resolution=resolution, target=other, kind=Relation.Kind.values[0]
    )
    roadmap.MeetingFactory(milestone=milestone)
    Office.objects.create(
        body=roadmap.BodyFactory(), agency=milestone.lead, role="chair", source="A page"
    )
    RoadmapFigure.objects.create(
        subject=RoadmapFigure.Subject.values[0],
        written="970",
        as_of="2025",
        source="A page",
    )
    document = Document.objects.create(
        title="Elements paper", issuer=milestone.lead, source="A"
    )
    Issue.objects.create(
        document=document, label="Version 1", date="2025-12-03", source="A"
    )
    ActionLineReview.objects.create(
        action_line=ActionLineFactory(),
        section=ActionLineReview.Section.values[0],
        agency=milestone.lead,
        text="Much was done.",
        source="A page",
    )


def tables():
    """Name → model and its admin, in the order of their names."""
    return {
        model._meta.label: (model, desk)
        for model, desk in sorted(
            admin.site._registry.items(), key=lambda pair: pair[0]._meta.label
        )
    }


def place(model, page, *args):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args
