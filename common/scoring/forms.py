"""The form of a review: a score for each criterion, and a comment."""

import copy
from collections.abc import Sequence
from typing import Any, Protocol

from django import forms
from django.utils.html import conditional_escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms.two_tabs import TwoTabsMixin
from common.templatetags.names import worded


class Criterion(Protocol):
    """What a row of criteria has."""

    pk: Any
    text: str
    guidance: str
    weight: int
    scale: int


def score_field(criterion: Criterion) -> forms.IntegerField:
    """The score for a criterion. The staff's guidance is text: templates do not escape help
    texts."""
    values = {
        "scale": criterion.scale,
        "weight": criterion.weight,
        "guidance": conditional_escape(_wording(criterion, "guidance")),
    }
    return forms.IntegerField(
        label=_wording(criterion, "text"),
        required=False,
        min_value=0,
        max_value=criterion.scale,
        help_text=_("%(guidance)s From 0 to %(scale)d; weight %(weight)d.") % values,
    )


def _wording(criterion: Criterion, name: str) -> str:
    """In the reader's language where staff write six, as for the Prizes; else the staff's text,
    unless the catalogues know it."""
    text = getattr(criterion, name)
    if not text:
        return ""
    if hasattr(criterion, f"{name}_en"):
        return worded(criterion, name)
    return gettext(text)


class ScoresForm(TwoTabsMixin, forms.Form):
    """Subclasses have the fields of `texts`, and store what was given. The review has `scores` with
    `criterion_id` and `value`. A draft may lack scores."""

    no_criteria: Any = ""  # said when a review is submitted and there are none
    score_missing: Any = ""
    texts: tuple[str, ...] = ("comment",)  # fields, and columns of the review

    def __init__(
        self, review: Any, criteria: Sequence[Criterion], *args: Any, **kwargs: Any
    ) -> None:
        given = (
            {s.criterion_id: s.value for s in review.scores.all()} if review.pk else {}
        )
        initial = {f"score_{key}": value for key, value in given.items()}
        kwargs["initial"] = initial | {
            name: getattr(review, name) for name in self.texts
        }
        self.base_fields = self._rubric(criteria)  # type: ignore[misc]  # of this form alone
        self.instance = self.review = review
        self.criteria = criteria
        super().__init__(*args, **kwargs)

    def _rubric(self, criteria: Sequence[Criterion]) -> dict[str, forms.Field]:
        """The scores come before the texts; the two-tabs check has to know them from the
        beginning."""
        plain = copy.deepcopy(type(self).base_fields)
        for name in self.texts:
            plain[name].widget.attrs.pop("maxlength", None)
        scores = {
            f"score_{criterion.pk}": score_field(criterion) for criterion in criteria
        }
        return {**scores, **plain}

    def require_scores(self) -> None:
        """Submitting requires every score, and at least one criterion."""
        if not self.criteria:
            self.add_error(None, self.no_criteria)
        for criterion in self.criteria:
            name = f"score_{criterion.pk}"
            if self.cleaned_data.get(name) is None and name not in self.errors:
                self.add_error(name, self.score_missing)

    def scores_given(self) -> dict[Any, int | None]:
        """Criterion → score; None where there is none."""
        return {
            criterion.pk: self.cleaned_data.get(f"score_{criterion.pk}")
            for criterion in self.criteria
        }
