"""One question and a text, from anybody."""

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

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        refuse_unreadable(text)
        return text
