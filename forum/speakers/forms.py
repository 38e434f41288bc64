"""The form by which the author of a proposal names a speaker."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forum.base.forms import PlainForm
from forum.consultation.models import Submission
from forum.speakers.models import MOST_SPEAKERS, ProposedSpeaker


class SpeakerForm(PlainForm):
    optional = ("organization", "country", "stakeholder_type", "gender")

    class Meta:
        model = ProposedSpeaker
        fields = (
            "name",
            "organization",
            "country",
            "stakeholder_type",
            "gender",
            "is_youth",
        )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.submission = submission

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.submission.speakers.count() >= MOST_SPEAKERS:
            raise ValidationError(
                _("A proposal names at most %(limit)d speakers.")
                % {"limit": MOST_SPEAKERS}
            )
        return cleaned

    def validate_unique(self) -> None:
        """The key of the name decides, which is not a field of the form."""
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error("name", error.messages)
