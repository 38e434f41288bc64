"""For each template of a mail: records of a person as they are when the mail is sent, and what the
mail is told of them. `tests/mail/test_letters.py` fails for a template without a row here."""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from accounts.api_key.models import ApiKey
from accounts.personal_data.models import Erasure
from accounts.role.roles import Role
from accounts.second_factor.models import FactorReset
from common.mail.links import digest, new_token
from common.moves.models import StatusChange
from prizes.entry.workflow import Status as EntryStatus
from prizes.invitation.models import Invitation, context_of
from prizes.panel.models import Panel, PanelMember
from reports.asking.models import BoxQuestion, today
from reports.editor.tasks import letter as comments_in
from reports.publication.workflow import Status as ReportStatus
from reports.subscription.models import Subscription
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.follow.digests import News
from stocktaking.follow.models import Follow
from stocktaking.upkeep.models import link
from tests.factories import MemberFactory, ProjectFactory, UserFactory
from tests.forum import records as forum
from tests.mail.forum_letters import FORUM_LETTERS
from tests.mail.vote_letters import VOTE_LETTERS
from tests.prizes.records import ContestFactory, EntryFactory, deadline_changed
from tests.reports.contribution.records import asked_for
from tests.reports.records import approved, frozen, invited_early
from tests.reports.report.records import report as report_of
from tests.stocktaking.people import OrganizationRoleFactory
from tests.stocktaking.records import ownership_request_for, revision_of, text_of
from wsis_portal.pages.tasks import waiting_for

NOTE = "Please name the partners."


def change():
    """A decision with its reason."""
    return StatusChange(move="decide", source="submitted", target="decided", note=NOTE)


def seat_offered(user):
    """This person is asked to chair a panel."""
    contest = ContestFactory(now="submission")
    panel = Panel.objects.create(category=contest.categories.get(action_line="C4"))
    seat = Invitation.objects.create(
        panel=panel, expert=user, is_chair=True, asked_at=PAST
    )
    return context_of(contest, [seat])


def reviews_missing(user):
    """Five reviews of this person are missing."""
    contest = ContestFactory(now="nomination")
    panel = Panel.objects.create(category=contest.categories.get(action_line="C4"))
    PanelMember.objects.create(panel=panel, expert=user)
    work = contest.phases.get(kind="nomination")
    return {"contest": contest, "missing": 5, "work": work}


def project(status, **values):
    def make(user):
        return {
            "project": ProjectFactory(owner=user, status=status, **values),
            "change": change(),
        }

    return make


def archived(user):
    found = ProjectFactory(owner=user)
    officer = UserFactory(role=Role.SECRETARIAT)
    return {"project": found.move("archive", officer, NOTE), "change": change()}


def ownership_request_that_is(status):
    def make(user):
        return {
            "project": ownership_request_for(ProjectFactory(), status, user).project,
            "change": change(),
        }

    return make


def ownership_requested_from(user):
    """Somebody asks for a project of this person."""
    ownership_request = ownership_request_for(ProjectFactory(owner=user))
    return {
        "ownership_request": ownership_request,
        "project": ownership_request.project,
        "change": change(),
    }


def ownership_request_reopened(user):
    ownership_request = ownership_request_for(ProjectFactory(), "open", user)
    return {
        "ownership_request": ownership_request,
        "project": ownership_request.project,
        "change": change(),
    }


def ownership_request_waits(user):
    ownership_request = ownership_request_for(ProjectFactory())
    return {
        "ownership_request": ownership_request,
        "project": ownership_request.project,
    }


def revision(status):
    def make(user):
        found = revision_of(ProjectFactory(owner=user), status)
        return {"revision": found, "project": found.project, "change": change()}

    return make


def text(status):
    def make(user):
        found = text_of(ProjectFactory(owner=user), status)
        return {"text": found, "project": found.project, "change": change()}

    return make


def role(user):
    return {
        "role": OrganizationRoleFactory(member=MemberFactory(user=user)),
        "change": change(),
    }


def followed(user):
    follow, _made = Follow.objects.get_or_create(user=user)
    return {"news": [News(follow, "All projects", [ProjectFactory()], 3, [])]}


def invited(user):
    found = ProjectFactory()
    _made, token = CoEditor.objects.invite(found, user.email, found.owner)
    return {"project": found, "by": found.owner, "token": token}


def still_correct(user):
    found = ProjectFactory(owner=user)
    return lambda: {"rows": [{"project": found, "link": link(found)}]}


def merged(user):
    return {"project": ProjectFactory(owner=user), "survivor": ProjectFactory()}


def draft(user):
    return {
        "project": ProjectFactory(owner=user, status=Status.DRAFT),
        "day": timezone.now(),
    }


def dated(user):
    found = ProjectFactory(status=Status.SUBMITTED)
    return {"project": found, "reminder": SimpleNamespace(note="Ask for the budget.")}


def entry(status, now="voting", **values):
    def make(user):
        contest = ContestFactory(now=now, **values)
        return {
            "entry": EntryFactory(contest=contest, owner=user, status=status),
            "change": change(),
        }

    return make


PAST = timezone.now() - datetime.timedelta(days=1)


def registration(user):
    forum.CapacityFactory()
    return {"registration": forum.registered(user=user), "change": change()}


def follow_up(user):
    """Somebody who is approved and has not filled in the form yet."""
    edition = forum.EditionFactory(follow_up_until=forum.DAY)
    forum.CapacityFactory(edition=edition)
    mine = forum.registered(edition, user)
    return {"registration": mine.move("approve", forum.officer())}


def submission(user):
    found = forum.SubmissionFactory(owner=user, status="submitted")
    found.submitted_at = timezone.now()
    found.save()
    return {"submission": found, "change": change(), "token": found.add_link()}


def submission_session(user):
    """The author of a submission that was merged into one which is a session by now."""
    session = forum.released()
    other = forum.SubmissionFactory(status="used", session=session)
    return {
        "submission": forum.SubmissionFactory(
            owner=user, status="merged", merged_into=other, session=session
        )
    }


def joining_asked(user):
    joining = forum.asked_to_join(user)
    consent = joining.consents.get(author=user)
    return {"joining": joining, "consent": consent, "token": consent.add_link()}


def joining_closed(user):
    return {"joining": forum.asked_to_join(user)}


def release(user):
    session = forum.released(owner=user)
    rows = [
        {"kind": "Changed", "title": session.title, "session": session, "fields": []}
    ]
    return {"release": session.edition.releases.latest("number"), "rows": rows}


def report(user):
    return {"publication": frozen(status=ReportStatus.READY), "change": change()}


def held(user):
    problem = SimpleNamespace(sentence="The section “Foreword” is empty.")
    return report(user) | {"held_at": timezone.now(), "errors": [problem], "count": 1}


def review(user):
    """A version that this person is asked to review."""
    publication = frozen(status=ReportStatus.READY)
    asker = UserFactory(role=Role.SECRETARIAT)
    sent = publication.send_to_reviewers([user], asker)
    return {"publication": sent, "note": NOTE, "by": asker}


def reviewed(user):
    publication = review(user)["publication"]
    return {"publication": publication, "reviewer": publication.reviewers.get()}


def early_reader(user):
    reader, token = invited_early(approved())
    return {"publication": reader.publication, "reader": reader, "token": token}


def contribution(user):
    """A text that an editor, who is this person, asked somebody for."""
    asked = asked_for(user)
    asked.block.section.report.editorships.create(user=user)
    return {
        "asked": asked,
        "report": asked.block.section.report,
        "section": asked.block.section,
        "token": asked.add_link(),
    }


def edited_by(user):
    whole = report_of()
    whole.editorships.get_or_create(user=user)
    return whole


def commented(user):
    whole = edited_by(user)
    block = whole.sections.first().blocks.first()
    comment = block.comments.create(text="Too long", by=UserFactory())
    return lambda: comments_in(whole, [comment])


def box_question(user):
    """The owner of a project is asked about its box; the mail has a link of its own."""
    project, whole = ProjectFactory(owner=user), edited_by(user)
    settings = {"by": "country", "count": 3, "numbers": project.number}
    block = whole.sections.first().blocks.create(
        kind="boxes", position=30, settings=settings
    )
    token = new_token()
    question = BoxQuestion.objects.create(
        block=block,
        project=project,
        owner=user,
        by=user,
        tokens=[digest(token)],
        ends_on=today(),
    )
    return {
        "to": user,
        "questions": [question],
        "report": whole,
        "ends_on": question.ends_on,
        "token": token,
    }


def edition(user):
    note = "The number of countries was wrong."
    return {"publication": frozen(), "about": "Global stocktaking report", "note": note}


def subscribed(user):
    row = Subscription.objects.create(
        series="global", email="reader@un.example", language=user.language
    )
    return {"about": row.about, "token": row.token}


def drafts(user):
    return {"drafts": [frozen(status=ReportStatus.READY)]}


def erasure(user):
    return {"erasure": Erasure(user=user, due_at=timezone.now())}


def factor_reset(status):
    """The request of somebody who lost the second factor, as it is after a move."""

    def make(user):
        due = timezone.now() + datetime.timedelta(days=2)
        reset = FactorReset.objects.create(user=user, status=status, due_at=due)
        return lambda: reset.mail_context(change())

    return make


def factor_reset_waits(user):
    return {"reset": FactorReset.objects.create(user=UserFactory())}


def new_address(user):
    return {"old": "old@example.org", "new": user.email, "contact": "wsis@example.int"}


def key(user):
    return {"key": ApiKey.objects.make(user, "harvest", ["read"], 30)[0]}


def waiting(user):
    ProjectFactory(status=Status.SUBMITTED)
    return lambda: waiting_for(user)


STAFF = {
    "portal/waiting",
    "stocktaking/desk_reminder",
    "reports/drafted",
    "reports/ready",
    "reports/failed",
    "reports/held",
    "reports/returned",
    "reports/reviewed",
    "account/factor_reset_desk",
    "stocktaking/ownership_waits",
}
# Parts of other mails, and the last one to an erased account, which leads nowhere
# (tests/privacy/test_leaving.py).
PARTS = {"_footer", "account/_factor_reset_stop", "account/erased", "portal/together"}
# Not sent to an account: address and language instead.
TO_ADDRESS = {
    "stocktaking/coeditor_invited",
    "prizes/root",
    "reports/early",
    "reports/contribution_asked",
    "reports/contribution_late",
    "reports/contribution_returned",
    "reports/contribution_soon",
    "reports/box_question",
    "reports/subscribe",
}
LETTERS = {
    "account/address_changed": new_address,
    "account/erasure": erasure,
    "account/factor_reset_approved": factor_reset("approved"),
    "account/factor_reset_asked": factor_reset("asked"),
    "account/factor_reset_checked": factor_reset("checked"),
    "account/factor_reset_desk": factor_reset_waits,
    "account/factor_reset_done": factor_reset("done"),
    "account/factor_reset_refused": factor_reset("refused"),
    "account/factor_reset_stopped": factor_reset("stopped"),
    "account/key": key,
    **FORUM_LETTERS,
    **VOTE_LETTERS,
    "forum/joining_asked": joining_asked,
    "forum/joining_closed": joining_closed,
    "forum/follow_up": follow_up,
    "forum/registration": registration,
    "forum/message": forum.message,
    "forum/message_test": forum.message,
    "forum/report_reminder": forum.report_reminder,
    "forum/claim": forum.invited,
    "forum/release": release,
    "forum/sign_up": lambda user: {"session": forum.released()},
    "forum/submission": submission,
    "forum/submission_received": submission,
    "forum/submission_session": submission_session,
    "portal/waiting": waiting,
    "prizes/champion": entry(EntryStatus.CHAMPION, "none", champions_at=PAST),
    "prizes/deadline": deadline_changed,
    "prizes/nominated": entry(EntryStatus.NOMINATED),
    "prizes/not_nominated": entry(EntryStatus.NOT_NOMINATED),
    "prizes/panel_invitation": seat_offered,
    "prizes/panel_reminder": reviews_missing,
    "prizes/refused": entry(EntryStatus.REFUSED),
    "prizes/returned": entry(EntryStatus.RETURNED, "submission"),
    "prizes/submitted": entry(EntryStatus.SUBMITTED, "submission"),
    "prizes/winner": entry(
        EntryStatus.WINNER, "none", champions_at=PAST, winners_at=PAST
    ),
    "prizes/withdrawn": entry(EntryStatus.WITHDRAWN),
    "reports/contribution_asked": contribution,
    "reports/contribution_late": contribution,
    "reports/contribution_returned": contribution,
    "reports/contribution_sent": contribution,
    "reports/contribution_soon": contribution,
    "reports/box_question": box_question,
    "reports/comments": commented,
    "reports/drafted": drafts,
    "reports/early": early_reader,
    "reports/edition": edition,
    "reports/editor_named": lambda user: {"report": edited_by(user)},
    "reports/subscribe": subscribed,
    "reports/failed": report,
    "reports/held": held,
    "reports/ready": report,
    "reports/returned": report,
    "reports/review": review,
    "reports/reviewed": reviewed,
    "stocktaking/approved": project(Status.APPROVED),
    "stocktaking/archived": archived,
    "stocktaking/ownership_granted": ownership_request_that_is("granted"),
    "stocktaking/ownership_open": ownership_request_reopened,
    "stocktaking/ownership_refused": ownership_request_that_is("refused"),
    "stocktaking/coeditor_invited": invited,
    "stocktaking/desk_reminder": dated,
    "stocktaking/digest": followed,
    "stocktaking/draft_reminder": draft,
    "stocktaking/file_infected": lambda user: (
        project(Status.DRAFT)(user) | {"virus": "Eicar"}
    ),
    "stocktaking/merged": merged,
    "stocktaking/message": lambda user: (
        project(Status.SUBMITTED)(user) | {"message": SimpleNamespace(text=NOTE)}
    ),
    "stocktaking/on_hold": project(Status.ON_HOLD),
    "stocktaking/ownership_passed": ownership_requested_from,
    "stocktaking/ownership_requested": ownership_requested_from,
    "stocktaking/ownership_returned": ownership_requested_from,
    "stocktaking/ownership_waits": ownership_request_waits,
    "stocktaking/parted": merged,
    "stocktaking/published": project(Status.PUBLISHED),
    "stocktaking/refused": project(Status.REFUSED),
    "stocktaking/reminder": project(Status.RETURNED),
    "stocktaking/returned": project(Status.RETURNED),
    "stocktaking/revision_approved": revision("approved"),
    "stocktaking/revision_on_hold": revision("on_hold"),
    "stocktaking/revision_refused": revision("refused"),
    "stocktaking/revision_returned": revision("returned"),
    "stocktaking/role_ended": role,
    "stocktaking/role_refused": role,
    "stocktaking/role_verified": role,
    "stocktaking/still_correct": still_correct,
    "stocktaking/submitted": project(Status.SUBMITTED),
    "stocktaking/text_approved": text("approved"),
    "stocktaking/text_refused": text("refused"),
    "stocktaking/text_withdrawn": text("withdrawn"),
}
