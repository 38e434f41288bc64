"""Users."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser, BaseUserManager, Group
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model
from django.db.models.functions import Lower, Upper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import STAFF_ROLES, Role
from common.dates.zones import is_zone
from common.mail.addresses import AddressField, canonical, mailbox_of


def validate_time_zone(value: str) -> None:
    if not is_zone(value):
        raise ValidationError(
            _("“%(value)s” is not a time zone."), params={"value": value}
        )


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return canonical(email or "")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=canonical(username or ""))

    def with_address(self, address: str) -> models.QuerySet["User"]:
        """Accounts with this address, those that have confirmed it first."""
        spelling = canonical(address)
        confirmed = models.Q(emailaddress__email=spelling, emailaddress__verified=True)
        rows = self.filter(
            models.Q(email=spelling) | models.Q(emailaddress__email=spelling)
        )
        has_confirmed = models.Max(
            models.Case(models.When(confirmed, then=1), default=0)
        )
        return rows.annotate(has_confirmed=has_confirmed).order_by(
            "-has_confirmed", "pk"
        )

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )


class User(AbstractUser):
    """A person who signs in by e-mail; the groups say what they may do (roles.py)."""

    username = None  # type: ignore[assignment]  # the e-mail is the login
    email = AddressField(_("e-mail address"), unique=True)
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        default="",
        validators=[validate_time_zone],
        help_text=_("Empty when it was never chosen; it is then not UTC."),
    )
    left_at = models.DateTimeField(
        _("what waited was ended at"), null=True, editable=False
    )

    # Whether the staff roles hold in this session (accounts.second_factor.session); None in tasks,
    # because the person was checked when the task was queued.
    staff_confirmed: Callable[[], bool] | None = None

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # no user name

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_any_case"),
            models.CheckConstraint(  # ASCII in lower case: one spelling for every comparison
                condition=models.Q(email__regex=r"^[!-@\[-~]+$"),
                name="user_email_one_spelling",
            ),
        ]
        indexes = [  # of the admin's search, which compares in capitals
            GinIndex(
                OpClass(Upper("email"), name="gin_trgm_ops"), name="user_email_trgm"
            ),
            GinIndex(
                OpClass(Upper("last_name"), name="gin_trgm_ops"),
                name="user_last_name_trgm",
            ),
            GinIndex(
                OpClass(Upper("first_name"), name="gin_trgm_ops"),
                name="user_first_name_trgm",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @cached_property
    def granted_roles(self) -> frozenset[str]:
        """Names of this person's roles; a superuser is an administrator, everybody a member."""
        names = set(self.groups.values_list("name", flat=True)) & set(Role.values)
        if self.is_superuser:
            names.add(Role.ADMINISTRATOR)
        return frozenset(names | {Role.MEMBER.value})

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that hold in this session: staff roles only with the second factor."""
        is_checked = self.staff_confirmed is not None and bool(
            self.granted_roles & STAFF_ROLES
        )
        if is_checked and not self.staff_confirmed():  # type: ignore[misc]  # not None where asked
            return self.granted_roles - STAFF_ROLES
        return self.granted_roles

    @property
    def waits_for_second_factor(self) -> bool:
        """Whether this person has a staff role that does not hold in this session."""
        return self.roles != self.granted_roles

    def is_same_person(self, other: Any) -> bool:
        """Whether both accounts are of one person, as far as the portal can tell: where two people
        have to sign, two accounts of one mailbox are one signature."""
        if other is None or not other.is_authenticated:
            return False
        return self.pk == other.pk or mailbox_of(self.email) == mailbox_of(other.email)

    @property
    def is_secretariat(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    def has_perm(self, perm: str, obj: Model | None = None) -> bool:
        """Whether the roles that hold allow this; for superusers too."""
        return any(backend.has_perm(self, perm, obj) for backend in get_backends())

    def has_module_perms(self, app_label: str) -> bool:
        backends: Iterable[Any] = get_backends()
        return any(backend.has_module_perms(self, app_label) for backend in backends)

    def grant(self, role: Role) -> None:
        """Give a role; secretariat and administrators may then enter the admin."""
        group, _created = Group.objects.get_or_create(name=role.value)
        self.groups.add(group)
        self.follow_roles()

    def follow_roles(self) -> None:
        """Open or close the admin to this person after a change of their groups."""
        for name in ("roles", "granted_roles"):
            self.__dict__.pop(name, None)
        is_staff = bool(self.granted_roles & STAFF_ROLES)
        if self.is_staff != is_staff:
            self.is_staff = is_staff
            self.save(update_fields=["is_staff"])
