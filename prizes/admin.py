"""Gathers the admin pages of the nouns, where Django looks for them."""

from prizes.amendment.admin import AmendmentAdmin
from prizes.ballot.admin import BallotEventAdmin, VoidingAdmin, VoteAdmin
from prizes.certificate.admin import CertificateJobAdmin
from prizes.checking.admin import HeldDayAdmin, PatternAdmin
from prizes.entry.admin import EntryAdmin
from prizes.hold.admin import HoldRuleAdmin
from prizes.invitation.admin import InvitationAdmin
from prizes.letter.admin import LetterAdmin, LetterBatchAdmin, LetterTemplateAdmin
from prizes.page.admin import ContestAdmin
from prizes.panel.admin import PanelAdmin, ReviewAdmin
from prizes.public_record.admin import FrameEventAdmin, RootAdmin
from prizes.result.verification_admin import VerificationAdmin
from prizes.screening.admin import EntryReasonAdmin, ScreeningCheckAdmin
from prizes.text.admin import EntryTranslationAdmin

__all__ = [
    "AmendmentAdmin",
    "BallotEventAdmin",
    "CertificateJobAdmin",
    "ContestAdmin",
    "EntryAdmin",
    "EntryReasonAdmin",
    "EntryTranslationAdmin",
    "FrameEventAdmin",
    "HeldDayAdmin",
    "HoldRuleAdmin",
    "InvitationAdmin",
    "LetterAdmin",
    "LetterBatchAdmin",
    "LetterTemplateAdmin",
    "PanelAdmin",
    "PatternAdmin",
    "ReviewAdmin",
    "RootAdmin",
    "ScreeningCheckAdmin",
    "VerificationAdmin",
    "VoidingAdmin",
    "VoteAdmin",
]
