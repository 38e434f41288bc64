"""What people change in their own record."""

from common.forms.two_tabs import TwoTabsMixin
from forum.base.forms import PlainForm
from forum.people.models import Person


class OwnRecordForm(TwoTabsMixin, PlainForm):
    """Staff may have the same record open."""

    optional = ("organization", "position", "country", "bio")

    class Meta:
        model = Person
        fields = (
            "name",
            "organization",
            "position",
            "country",
            "bio",
            "bio_language",
        )
