"""Forms of a panel: a review, a conflict of interest, the choice of a winner."""

import copy
from typing import Any, cast

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable
from prizes.contest.rules import Criterion
from prizes.entry.models import Entry
from prizes.panel.decision import REASON_LENGTH
from prizes.panel.models import COMMENT_LENGTH, Review, Score


class ConflictForm(forms.Form):
    reason = forms.CharField(
        label=_("Your tie to this entry"),
        max_length=300,
        required=False,
        validators=[refuse_unreadable],
    )


class ChoiceForm(forms.Form):
    """The champion that an expert chooses, and why."""

    entry = forms.ModelChoiceField(
        Entry.objects.none(),
        label=_("Winner"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose one of the champions.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by the secretariat. At most 500 characters."),
    )

    def __init__(self, champions: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["entry"]).queryset = champions
        self.fields["reason"].widget.attrs.pop("maxlength", None)


def score_field(criterion: Criterion) -> forms.IntegerField:
    """The score for a criterion. The staff's guidance is text: templates do not escape help
    texts."""
    guidance = gettext(criterion.guidance) if criterion.guidance else ""
    values = {
        "scale": criterion.scale,
        "weight": criterion.weight,
        "guidance": escape(guidance),
    }
    return forms.IntegerField(
        label=gettext(criterion.text),
        required=False,
        min_value=0,
        max_value=criterion.scale,
        help_text=_("%(guidance)s From 0 to %(scale)d; weight %(weight)d.") % values,
    )


NO_CRITERIA = _(
    "The contest has no criteria yet, so a review cannot be submitted. Save a draft; your comment "
    "is kept."
)


class ReviewForm(TwoTabsMixin, forms.Form):
    """A score per criterion and a comment. A draft may lack scores."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[refuse_unreadable],
        help_text=_("Read by the panel and the secretariat. At most 4,000 characters."),
    )

    def __init__(
        self, review: Review, criteria: list[Criterion], *args: Any, **kwargs: Any
    ) -> None:
        given = (
            {s.criterion_id: s.value for s in review.scores.all()} if review.pk else {}
        )
        initial = {f"score_{key}": value for key, value in given.items()}
        kwargs["initial"] = initial | {"comment": review.comment}
        self.base_fields = self._rubric(criteria)  # type: ignore[misc]  # of this form alone
        self.instance = self.review = review
        self.criteria = criteria
        super().__init__(*args, **kwargs)

    def _rubric(self, criteria: list[Criterion]) -> dict[str, forms.Field]:
        """The scores come before the comment; the two-tabs check has to know them from the
        beginning."""
        plain = copy.deepcopy(type(self).base_fields)
        plain["comment"].widget.attrs.pop("maxlength", None)
        scores = {
            f"score_{criterion.pk}": score_field(criterion) for criterion in criteria
        }
        return {**scores, **plain}

    def require_scores(self) -> None:
        """Submitting requires every score, and at least one criterion."""
        if not self.criteria:
            self.add_error(None, NO_CRITERIA)
        for criterion in self.criteria:
            name = f"score_{criterion.pk}"
            if self.cleaned_data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Enter a score, or abstain."))

    def save(self, state: str) -> Review:
        """Store review and scores; call inside a transaction."""
        review = self.review
        review.state, review.comment = state, self.cleaned_data["comment"]
        review.save()
        for criterion in self.criteria:
            value = self.cleaned_data.get(f"score_{criterion.pk}")
            if value is None:
                Score.objects.filter(review=review, criterion=criterion).delete()
            else:
                Score.objects.update_or_create(
                    review=review, criterion=criterion, defaults={"value": value}
                )
        return review
