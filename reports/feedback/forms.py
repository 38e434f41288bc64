"""One question and a text, from anybody."""

from typing import Any, cast

from django import forms

from common.forms.values import refuse_unreadable
from reports.feedback.models import Feedback


class FeedbackForm(forms.ModelForm):
    class Meta:
        model = Feedback
        fields = ("answer", "text")
        widgets = {
            "answer": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A radio button for "nothing chosen", and chosen, is none of the answers.
        answer = cast(forms.ChoiceField, self.fields["answer"])
        answer.choices = Feedback.Answer.choices

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        refuse_unreadable(text)
        return text
