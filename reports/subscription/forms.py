"""What to be told of, and at which address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.mail.addresses import AddressInput
from common.moves.actors import AnyUser
from reference.country.models import Region
from reports.publication.models import Publication


class SubscribeForm(forms.Form):
    """Somebody who is signed in needs no address."""

    series = forms.ChoiceField(label=_("Series"), choices=Publication.Series.choices)
    region: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Region"),
        queryset=Region.objects.order_by("order", "pk"),
        required=False,
        empty_label=_("All regions"),
        help_text=_("For a regional report only."),
    )
    email = AddressInput(
        label=_("E-mail address"),
        help_text=_("You get an e-mail with a link that confirms it."),
    )

    def __init__(self, user: AnyUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            del self.fields["email"]

    def about(self) -> dict[str, Any]:
        """Only regional reports differ by region."""
        series, region = self.cleaned_data["series"], self.cleaned_data["region"]
        is_regional = series == Publication.Series.REGIONAL
        return {"series": series, "region": region if is_regional else None}
