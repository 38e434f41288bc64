"""Forms about members: the profile, a role in an organization."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reference.action_line.models import ActionLine
from stocktaking.member.models import Member
from stocktaking.organization.models import Organization
from stocktaking.organization.roles import OrganizationRole


class MemberForm(forms.ModelForm):
    """The profile of a member; the organization is chosen by name from the authority list."""

    organization_name = forms.CharField(
        label=_("Organization"),
        max_length=250,
        required=False,
        help_text=_(
            "As you write it. If it is in another country than you, add that country, as in "
            "“World Bank (International)”. A new name waits until the secretariat has checked it."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages that you speak"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Member
        fields = [
            "stakeholder_type",
            "country",
            "interests",
            "languages",
            "bio",
            "listed",
        ]
        widgets = {
            "interests": forms.CheckboxSelectMultiple,
            "bio": forms.Textarea({"rows": 5}),
        }
        help_texts = {"bio": _("At most 100 words.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines: Any = self.fields["interests"]
        lines.queryset = ActionLine.objects.filter(number__isnull=False)
        organization = self.instance.organization
        self.initial.setdefault(
            "organization_name", organization.name_with_country if organization else ""
        )

    def clean_organization_name(self) -> str:
        return " ".join(self.cleaned_data["organization_name"].split())

    def _named(self, name: str) -> Organization:
        """The organization with this name: of the country in brackets, else of the member's own."""
        rows = Organization.objects
        return rows.with_country(name) or rows.get_or_create_named(
            name,
            country_id=self.instance.country_id,
            stakeholder_type_id=self.instance.stakeholder_type_id,
        )

    def save(self, commit: bool = True) -> Member:
        name = self.cleaned_data["organization_name"]
        if not name:
            self.instance.organization = None
        elif (
            not self.instance.organization or self.initial["organization_name"] != name
        ):
            self.instance.organization = self._named(name)
        return super().save(commit)


class RoleForm(forms.ModelForm):
    class Meta:
        model = OrganizationRole
        fields = ["title", "since", "until", "shown"]
        widgets = {
            "since": forms.DateInput({"type": "date"}),
            "until": forms.DateInput({"type": "date"}),
        }
        help_texts = {"title": _("For example “Head of international affairs”.")}

    def _get_validation_exclusions(self) -> set[str]:
        """The constraint “once per member and organization” needs fields that the form does not
        have."""
        asked_once = {"member", "organization", "status"}
        return super()._get_validation_exclusions() - asked_once  # type: ignore[misc]  # Django's
