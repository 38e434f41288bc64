"""What a voter says of themselves before the first vote counts: name, country, type."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict

from accounts.user.models import User
from stocktaking.member.models import Member


class VoterProfileForm(forms.ModelForm):
    """The part of a member's profile without which no vote counts; prize_profile_complete in
    vote.sql has the same list."""

    first_name = forms.CharField(
        label=User._meta.get_field("first_name").verbose_name,
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=User._meta.get_field("last_name").verbose_name,
        max_length=150,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )

    class Meta:
        model = Member
        fields = ["country", "stakeholder_type"]

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        self.user = user
        names = {"first_name": user.first_name, "last_name": user.last_name}
        super().__init__(data, instance=Member.objects.of(user), initial=names)
        self.order_fields(["first_name", "last_name", "country", "stakeholder_type"])
        for field in self.Meta.fields:
            self.fields[field].required = True

    @transaction.atomic
    def save(self, commit: bool = True) -> Member:
        for name in ("first_name", "last_name"):
            setattr(self.user, name, self.cleaned_data[name])
        self.user.save(update_fields=["first_name", "last_name"])
        member = Member.objects.profile_of(self.user)
        for name in self.Meta.fields:
            setattr(member, name, self.cleaned_data[name])
        member.save(update_fields=self.Meta.fields)
        return member


def sent_with(form: QueryDict) -> bool:
    """Whether the form of a vote came with the questions about the voter."""
    return "stakeholder_type" in form


def completed(user: User, data: QueryDict) -> Any:
    """Save what was sent; the form, with errors where something is missing."""
    form = VoterProfileForm(user, data)
    if form.is_valid():
        form.save()
    return form
