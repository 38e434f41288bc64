"""Moves of the texts of a session in other languages."""

from common.translation.workflow import translation_workflow
from forum.base.workflow import OWNERS, STAFF

SESSION_TRANSLATION_WORKFLOW = translation_workflow(
    "forum.sessiontranslation", OWNERS, STAFF
)
