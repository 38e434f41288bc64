"""Forms of a panel: a review, a conflict of interest, the choice of a winner."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.admin.people import PersonField
from common.forms.values import refuse_unreadable
from common.scoring.forms import ScoresForm
from prizes.contest.models import Category
from prizes.entry.models import Entry
from prizes.panel.decision import REASON_LENGTH
from prizes.panel.forwarding import REASON_LENGTH as FORWARDING_REASON
from prizes.panel.models import COMMENT_LENGTH, FEEDBACK_LENGTH, Review, Score
from reference.names import vocabulary


class ConflictForm(forms.Form):
    reason = forms.CharField(
        label=_("Your tie to this entry"),
        max_length=300,
        required=False,
        validators=[refuse_unreadable],
    )


class RecuseForm(forms.Form):
    """An expert who shall not review this entry, and why."""

    expert = PersonField(
        User.objects.none(), label=_("Expert"), empty_label=_("Choose an expert")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, validators=[refuse_unreadable]
    )

    def __init__(self, experts: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["expert"]).queryset = experts


class CategoryChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {vocabulary.label('action_line', obj.code)}"


class ForwardForm(forms.Form):
    """The category to which an entry belongs, and why."""

    target = CategoryChoice(
        Category.objects.none(),
        label=_("To the category"),
        empty_label=_("Choose a category"),
    )
    why = forms.CharField(
        label=_("Reason"), max_length=FORWARDING_REASON, validators=[refuse_unreadable]
    )

    def __init__(self, source: Category, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Category.objects.filter(contest=source.contest_id)
        field = cast(forms.ModelChoiceField, self.fields["target"])
        field.queryset = others.exclude(pk=source.pk).order_by("number")


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


NO_CRITERIA = _(
    "The contest has no criteria yet, so a review cannot be submitted. Save a draft; your comment "
    "is kept."
)


class ReviewForm(ScoresForm):
    """A score per criterion and a comment. A draft may lack scores."""

    no_criteria = NO_CRITERIA
    score_missing = _("Enter a score, or abstain.")
    texts = ("comment", "feedback")

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[refuse_unreadable],
        help_text=_("Read by the panel and the secretariat. At most 4,000 characters."),
    )
    feedback = forms.CharField(
        label=_("Feedback for the entrant"),
        required=False,
        max_length=FEEDBACK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_unreadable],
        help_text=_(
            "What would make the entry better. The secretariat reads it before it is sent with the "
            "decision, without your name. At most %(limit)d characters."
        )
        % {"limit": FEEDBACK_LENGTH},
    )

    def save(self, state: str) -> Review:
        """Store review and scores; call inside a transaction. What is changed or reopened has to be
        approved again before the entrant reads it."""
        review = self.review
        review.state, review.comment = state, self.cleaned_data["comment"]
        if review.feedback != self.cleaned_data["feedback"] or state != "done":
            review.feedback = self.cleaned_data["feedback"]
            review.feedback_approved_at = None
        review.save()
        for criterion, value in self.scores_given().items():
            rows = Score.objects.filter(review=review, criterion=criterion)
            if value is None:
                rows.delete()
            else:
                Score.objects.update_or_create(
                    review=review, criterion_id=criterion, defaults={"value": value}
                )
        return review
