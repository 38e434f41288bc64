"""Import of the members of a delegation, whom its head registers together (docs/forum.md)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.session.requests import secretariat_only
from accounts.user.models import User
from common.imports.columns import YES, Column, Wanted, columns_of, one_of, term
from common.imports.importer import Changed, Importer, Made, register
from common.locks.advisory import Lock
from forum.imports.rows import read_edition
from forum.registration.forms import AGREEMENT
from forum.registration.models import Registration
from reference.country.imports import countries

of = columns_of(Registration)


@register
class DelegationImporter(Importer[Registration]):
    """Members have accounts and have agreed; each holds a place, or waits for one, like anybody."""

    kind, model, lock = "delegations", Registration, Lock.DELEGATION_IMPORT
    title = _("Import members of a delegation")
    guard, permission = secretariat_only, "forum.change_registration"
    identity, withdrawal = "email", "cancel"
    columns = (
        of("edition", read=read_edition, required=True),
        Column.of(User, "email", into="more", required=True),
        of("attendance", required=True),
        of("name", required=True),
        Column("agreed", AGREEMENT, into="more", required=True, **one_of(YES)),
        of("organization", "organization_name", optional=True),
        of("stakeholder_type", optional=True),
        of("country", "country_id", read=term(countries), optional=True),
        of("needs", optional=True),
    )

    def find(self, wanted: Wanted) -> Registration | None:
        address, edition = wanted.more["email"], wanted.fields["edition"]
        person = User.objects.with_address(address).filter(is_active=True).first()
        if person is None:
            raise ValidationError(_("There is no account with this e-mail address."))
        self.require_once(wanted, (edition, person))
        wanted.fields["user"] = person
        return Registration.objects.live().filter(user=person, edition=edition).first()

    def build(self, wanted: Wanted) -> Registration:
        registration = super().build(wanted)
        registration.capacity()  # a mode that is not offered is refused here
        return registration

    def require_changeable(self, record: Registration, change: Changed) -> None:
        if "attendance" in change.fields:
            sentence = _("This person is registered for another mode of attendance.")
            raise ValidationError({"attendance": sentence})

    def create(self, made: list[Made[Registration]]) -> None:
        for one in made:
            one.record = one.record.enter()
