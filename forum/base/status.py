"""Statuses of a submission to the consultation, below the sessions that refer to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmissionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for changes")
    ACCEPTED = "accepted", _("Accepted")
    USED = "used", _("Used in a session")
    MERGED = "merged", _("Merged with another submission")
    NOTED = "noted", _("Noted")
    NOT_USED = "not_used", _("Not used")


IN_A_SESSION = (SubmissionStatus.USED, SubmissionStatus.MERGED)
# With a disposition that its author reads; accepted is not the end yet.
ANSWERED = (*IN_A_SESSION, SubmissionStatus.NOTED, SubmissionStatus.NOT_USED)
