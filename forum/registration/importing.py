"""Import of the members of a delegation, whom its focal point registers together
(docs/forum.md)."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.session.requests import secretariat_only
from accounts.user.models import User
from common.imports.columns import (
    YES,
    Column,
    Wanted,
    columns_of,
    one_line,
    one_of,
    term,
)
from common.imports.importer import Changed, Importer, Made, register
from common.locks.advisory import Lock
from common.moves.actors import SignedInRequest
from forum.imports.rows import read_edition
from forum.registration.capacity import Capacity
from forum.registration.delegation import Delegation
from forum.registration.forms import AGREEMENT
from forum.registration.models import Registration
from reference.country.imports import countries

of = columns_of(Registration)


def focal_points_and_staff(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Open a page to focal points of a delegation, and as ever to staff."""
    for_staff = secretariat_only(view)

    @wraps(view)
    def page(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        is_focal_point = (
            user.is_authenticated
            and not user.is_secretariat
            and not user.waits_for_second_factor
            and Delegation.objects.of_focal_point(user).exists()
        )
        return (view if is_focal_point else for_staff)(request, *args, **kwargs)

    return page


@register
class DelegationImporter(Importer[Registration]):
    """Members have agreed; each holds a place, or waits for one, like anybody.

    A focal point registers members of the own delegations only, and changes nobody by a file.
    """

    kind, model, lock = "delegations", Registration, Lock.DELEGATION_IMPORT
    title = gettext_lazy("Import members of a delegation")
    guard, permission = focal_points_and_staff, "forum.change_registration"
    identity, withdrawal = "email", "cancel"
    columns = (
        of("edition", read=read_edition, required=True),
        of("email", required=True),
        of("attendance", required=True),
        of("name", required=True),
        Column("agreed", AGREEMENT, into="more", required=True, **one_of(YES)),
        of("delegation", read=one_line, into="more", optional=True),
        of("organization", "organization_name", optional=True),
        of("stakeholder_type", optional=True),
        of("country", "country_id", read=term(countries), optional=True),
        of("needs", optional=True),
    )

    def prepare(self, batch: list[Wanted]) -> None:
        """Rows of the batch take places and count members under these locks."""
        for edition in sorted({one.fields["edition"].pk for one in batch}):
            Capacity.lock_all(edition)
        self.entering: Counter[int] = Counter()

    def find(self, wanted: Wanted) -> Registration | None:
        edition, address = wanted.fields["edition"], wanted.fields["email"]
        delegation = self.delegation_of(wanted)
        person = User.objects.with_address(address).filter(is_active=True).first()
        self.require_once(wanted, (edition, person or address))
        live = Registration.objects.live().filter(edition=edition)
        if person:
            wanted.fields["user"], wanted.fields["email"] = person, ""
            record = live.filter(user=person).first()
        else:
            record = live.filter(user=None, email=address).first()
        if record and delegation and record.delegation_id != delegation.pk:
            raise ValidationError(_("This person is already registered."))
        if not record:
            wanted.fields["delegation"] = delegation
        return record

    def delegation_of(self, wanted: Wanted) -> Delegation | None:
        """The delegation that a row names; a focal point has to name an own one."""
        name = wanted.more.get("delegation") or ""
        rows = Delegation.objects.filter(edition=wanted.fields["edition"])
        if not self.is_staff and self.by:
            rows = rows.of_focal_point(self.by)
        elif not name:
            return None
        own = list(rows.filter(name=name) if name else rows[:2])
        if len(own) == 1:
            return own[0]
        sentence = _("There is no delegation “%(value)s” whose members you register.")
        raise ValidationError({"delegation": sentence % {"value": name}})

    def build(self, wanted: Wanted) -> Registration:
        registration = super().build(wanted)
        registration.capacity()  # a mode that is not offered is refused here
        delegation = registration.delegation
        if delegation:
            if not self.is_staff and not delegation.takes_members():
                raise ValidationError(_("Registration is closed."))
            self.entering[delegation.pk] += 1
            left = Delegation.locked(delegation.pk).places_left
            if left is not None and self.entering[delegation.pk] > left:
                sentence = _(
                    "The quota of this delegation is reached: %(quota)d members."
                )
                raise ValidationError(sentence % {"quota": delegation.quota})
        return registration

    def require_changeable(self, record: Registration, change: Changed) -> None:
        if not self.is_staff:
            sentence = _("This person is already registered: change it on the page.")
            raise ValidationError(sentence)
        if "attendance" in change.fields:
            sentence = _("This person is registered for another mode of attendance.")
            raise ValidationError({"attendance": sentence})

    def create(self, made: list[Made[Registration]]) -> None:
        for one in made:
            one.record = one.record.enter(self.by)
