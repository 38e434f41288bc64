"""Moves of the texts of an entry in other languages."""

from common.translation.workflow import translation_workflow
from prizes.entry.workflow import STAFF, WRITERS

ENTRY_TRANSLATION_WORKFLOW = translation_workflow(
    "prizes.entrytranslation", WRITERS, STAFF
)
