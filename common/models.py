"""Gathers the models of the nouns, where Django looks for them."""

from common.api.models import KeptAnswer
from common.imports.models import ImportedRecord, ImportJob
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from common.records.models import Change, ClusterOffset, RecordVersion, ServedState

__all__ = [
    "Change",
    "ClusterOffset",
    "ImportJob",
    "ImportedRecord",
    "KeptAnswer",
    "OutgoingMail",
    "RecordVersion",
    "ServedState",
    "StatusChange",
]
