"""Opening an account makes a member: the word means the same in every figure."""

from typing import Any

from accounts.sign_in.adapters import AccountAdapter
from accounts.user.models import User
from stocktaking.member.models import Member


class MembersAdapter(AccountAdapter):
    def save_user(
        self, request: Any, user: User, form: Any, commit: bool = True
    ) -> User:
        saved: User = super().save_user(request, user, form, commit)
        if saved.pk:
            Member.objects.profile_of(saved)
        return saved
