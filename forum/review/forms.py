"""The review of a proposal: a score for each criterion, and a comment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.scoring.forms import ScoresForm
from forum.review.models import COMMENT_LENGTH, Review, ReviewPhase, ReviewScore


class ReviewForm(ScoresForm):
    no_criteria = _("This edition has no review criteria yet. Save a draft instead.")
    score_missing = _("Enter a score, or abstain.")

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[refuse_unreadable],
        help_text=_(
            "Read by the secretariat and by other reviewers. At most 4,000 characters."
        ),
    )

    def save(self, state: str, phase: ReviewPhase) -> Review:
        """Store review and scores; call inside a transaction."""
        review: Review = self.review
        review.state, review.phase = state, phase
        review.comment = self.cleaned_data["comment"]
        review.save()
        for criterion, value in self.scores_given().items():
            if value is None:
                review.scores.filter(criterion=criterion).delete()
            else:
                ReviewScore.objects.update_or_create(
                    review=review, criterion_id=criterion, defaults={"value": value}
                )
        return review
