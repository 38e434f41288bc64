"""Forms of a panel: a review, a conflict of interest, the choice of a winner."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.admin.people import PersonField
from common.forms.values import refuse_unreadable
from common.mail.addresses import AddressInput
from common.scoring.forms import ScoresForm
from prizes.contest.models import Category, Contest
from prizes.contest.review_rules import ReviewMode
from prizes.entry.models import Entry
from prizes.panel.decision import REASON_LENGTH
from prizes.panel.delegation import MESSAGE_LENGTH
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


class DelegateForm(forms.Form):
    """The colleague to whom an expert hands a review."""

    email = AddressInput(
        label=_("E-mail address"),
        help_text=_(
            "The link in the e-mail is valid for 30 days and can be used once."
        ),
    )
    message = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=MESSAGE_LENGTH,
        validators=[refuse_unreadable],
    )


class BackForm(forms.Form):
    """Why a review goes back to the colleague."""

    note = forms.CharField(
        label=_("What should change"),
        max_length=MESSAGE_LENGTH,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 3}),
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
    texts: tuple[str, ...] = ("comment", "feedback")

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
            "decision, without your name. At most 2,000 characters."
        ),
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


class VerdictForm(ReviewForm):
    """Pass or fail instead of scores."""

    texts = ("verdict", "comment", "feedback")
    field_order = ("verdict", "comment", "feedback")

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[("True", _("Pass")), ("False", _("Fail"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def require_scores(self) -> None:
        if not self.cleaned_data.get("verdict") and "verdict" not in self.errors:
            self.add_error("verdict", _("Choose pass or fail, or abstain."))

    def save(self, state: str) -> Review:
        verdict = self.cleaned_data["verdict"]
        self.review.passes = verdict == "True" if verdict else None
        return super().save(state)


def review_form(review: Review, contest: Contest, data: Any = None) -> ReviewForm:
    """The form of the mode in which the experts of this contest review."""
    if contest.review_mode == ReviewMode.PASS_FAIL:
        return VerdictForm(review, [], data)
    return ReviewForm(review, list(contest.criteria.all()), data)
