"""Opening an account creates a member profile, so that all figures count members alike."""

from django.forms import ModelForm
from django.http import HttpRequest

from accounts.sign_in.adapters import AccountAdapter
from accounts.user.models import User
from stocktaking.member.models import Member


class MembersAdapter(AccountAdapter):
    def save_user(
        self, request: HttpRequest, user: User, form: ModelForm, commit: bool = True
    ) -> User:
        saved: User = super().save_user(request, user, form, commit)
        if saved.pk:
            Member.objects.profile_of(saved)
        return saved
