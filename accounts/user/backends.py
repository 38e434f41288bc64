"""What each role may do in the admin; the list is settings.ROLE_PERMISSIONS."""

from fnmatch import fnmatchcase
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.user.models import User
from common.mail.addresses import canonical

WHO = "SELECT * FROM accounts_user WHERE id = %s"


def patterns_of(user: User) -> list[str]:
    return [p for role in user.roles for p in settings.ROLE_PERMISSIONS.get(role, ())]


class RoleBackend(AuthenticationBackend):
    """Signs in by allauth's rules and grants permissions such as `stocktaking.change_project`."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Addresses are compared in their one stored spelling."""
        for name in ("email", "username"):
            if credentials.get(name):
                credentials[name] = canonical(credentials[name])
        return super().authenticate(request, **credentials)

    def get_user(self, user_id: object) -> User | None:
        """The person who is signed in, read by fixed SQL."""
        user = next(iter(User.objects.raw(WHO, [user_id])), None)
        return user if self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        return any(fnmatchcase(perm, pattern) for pattern in patterns_of(user_obj))

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        return any(
            fnmatchcase(app_label, p.partition(".")[0]) for p in patterns_of(user_obj)
        )
