"""How a submission to the consultation moves from draft to disposition."""

from django.utils.translation import gettext_lazy as _

from common.moves.workflow import Move, Workflow, moves
from forum.base.status import ANSWERED, SubmissionStatus
from forum.base.workflow import MACHINE, OWNERS, STAFF

IN_HAND = (SubmissionStatus.DRAFT, SubmissionStatus.RETURNED)  # of its author


WAITING = frozenset({SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED})


SUBMISSION_WORKFLOW = Workflow(
    model_label="forum.submission",
    initial=SubmissionStatus.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset(IN_HAND),
            SubmissionStatus.SUBMITTED,
            by=OWNERS,
            label=_("Submit"),
            check="require_complete",
            then="receive",
        ),
        Move(
            "take_back",
            {SubmissionStatus.SUBMITTED},
            SubmissionStatus.DRAFT,
            by=OWNERS,
            label=_("Take back"),
        ),
        Move(
            "send_back",
            {SubmissionStatus.SUBMITTED},
            SubmissionStatus.RETURNED,
            by=STAFF,
            label=_("Return"),
            needs_note=True,
            then="tell_author",
        ),
        Move(
            "accept",
            {SubmissionStatus.SUBMITTED},
            SubmissionStatus.ACCEPTED,
            by=STAFF,
            label=_("Accept"),
            check="require_screened",
            then="tell_author",
        ),
        Move(
            "use",
            WAITING,
            SubmissionStatus.USED,
            by=STAFF,
            label=_("Used in the session named"),
            check="require_session",
            then="tell_author",
        ),
        Move(
            "merge",
            WAITING,
            SubmissionStatus.MERGED,
            by=STAFF | MACHINE,
            label=_("Merged with the submission named"),
            check="require_other",
            then="join_other",
        ),
        Move(
            "note",
            WAITING,
            SubmissionStatus.NOTED,
            by=STAFF,
            label=_("Noted"),
            then="tell_author",
        ),
        Move(
            "decline",
            WAITING,
            SubmissionStatus.NOT_USED,
            by=STAFF,
            label=_("Not used"),
            needs_note=True,
            then="tell_author",
        ),
        Move(
            "reopen",
            frozenset(ANSWERED),
            SubmissionStatus.SUBMITTED,
            by=STAFF,
            label=_("Review again"),
            needs_note=True,
            then="tell_author",
        ),
    ),
)
