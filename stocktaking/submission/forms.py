"""The project form, one step at a time: valid fields are stored, edits by two people are merged."""

from typing import Any, cast

from django import forms
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.dates.partial import in_order
from common.files.images import CleanImage
from common.files.kept import keep
from common.forms.autosave import AutosavedMixin
from common.forms.values import refuse_unreadable, with_code
from reference.country.models import Country
from stocktaking.organization.identity import INTERNATIONAL
from stocktaking.organization.models import Organization, split_country
from stocktaking.project.fields import HINTS, LISTS
from stocktaking.project.forms import FORM_FIELDS, MARKED_REQUIRED, ImageForm, Step
from stocktaking.project.models import Project
from stocktaking.project.period import BEFORE_START

FILES = frozenset({"image", "remove_image"})


class ProjectForm(AutosavedMixin, ImageForm):
    """The project form of members, whole or one step of it. A draft may be incomplete, so nothing
    is required here; the model checks what a submission needs."""

    not_compared = FILES

    class Meta(ImageForm.Meta):
        fields = FORM_FIELDS
        widgets = {
            **dict.fromkeys(LISTS, forms.CheckboxSelectMultiple),
            "timescale": forms.RadioSelect,
            "organization_name": forms.TextInput(
                attrs={
                    "list": "organization-names",
                    "autocomplete": "organization",
                    "hx-get": reverse_lazy("stocktaking:organization-names"),
                    "hx-trigger": "input changed delay:300ms",
                    "hx-target": "#organization-names",
                    "hx-swap": "innerHTML",
                    "hx-params": "organization_name",
                }
            ),
            "main_action_line": forms.Select(
                attrs={
                    "hx-get": reverse_lazy("stocktaking:suggested-sdgs"),
                    "hx-trigger": "change",
                    "hx-target": "#suggested-sdgs",
                    "hx-swap": "innerHTML",
                    "hx-params": "main_action_line",
                }
            ),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {
            f.name: getattr(self.instance, f.attname) for f in self._columns()
        }
        self.kept_image = (
            ""  # the name of a chosen picture that waits for its description
        )
        self.left_alone = set()
        names = (
            {*step.fields, "remove_image"} if step else {*FORM_FIELDS, "remove_image"}
        )
        for name in self.fields.keys() - names:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = False
            field.help_text = HINTS.get(name, field.help_text)
            field.validators = [*field.validators, refuse_unreadable]
            # A browser would truncate a long text silently; the server reports it.
            field.widget.attrs.pop("maxlength", None)
            if name not in MARKED_REQUIRED | {"remove_image"}:
                field.label = gettext("%(label)s (optional)") % {"label": field.label}
        self._name_choices()
        if "image" not in self.fields or not self.instance.image:
            self.fields.pop("remove_image", None)

    def _name_choices(self) -> None:
        if "organization_country" in self.fields:
            country: Any = self.fields["organization_country"]
            country.empty_label = gettext("The country of the project")
        for name in {
            "main_action_line",
            "other_action_lines",
            "sdgs",
        } & self.fields.keys():
            self.fields[name].label_from_instance = with_code  # type: ignore[attr-defined]  # a choice of terms
        if "timescale" in self.fields:
            self.fields["timescale"].choices = Project.Timescale.choices  # type: ignore[attr-defined]

    def read_choices(self) -> None:
        """Read each list of choices once: a page uses them several times."""
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.choices = list(iter(cast(Any, field.choices)))

    def _columns(self) -> list[Any]:
        return [f for f in Project._meta.fields if f.name in FORM_FIELDS]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._pick_organization(data)
        if not in_order(data.get("start_date", ""), data.get("end_date", "")):
            self.add_error("end_date", BEFORE_START)
        if data.get("image") and "image_alt" in data and not data["image_alt"]:
            self.add_error(
                "image_alt", _("Describe the image for people who cannot see it.")
            )
        if "image_alt" in self.errors and isinstance(data.get("image"), CleanImage):
            self.kept_image = self._keep_image(data["image"])
        return data

    @staticmethod
    def _pick_organization(data: dict[str, Any]) -> None:
        """“Name (Country)”, as the list offers it, is the organization of that country."""
        picked = Organization.objects.with_country(data.get("organization_name", ""))
        if picked and "organization_country" in data:
            data["organization_name"] = split_country(data["organization_name"])[0]
            at_home = picked.country_id or INTERNATIONAL
            data["organization_country"] = Country.objects.get(pk=at_home)

    @staticmethod
    def _keep_image(drawn: CleanImage) -> str:
        """Keep the image until its description is there; a browser would forget it with this
        page."""
        drawn.seek(0)
        return keep(
            {"kind": "image", "content": drawn.read(), "is_animated": drawn.is_animated}
        )

    # --- keeping ---

    def valid_project(self) -> Project:
        """The project in memory with every valid field; invalid fields, and those that somebody
        else changed meanwhile, keep the stored value. The lists are in `valid_lists()`."""
        self.is_valid()
        project = self.instance
        not_kept = self.errors.keys() | self.left_alone
        if "image_alt" in not_kept:
            not_kept |= {"image"}  # no picture without its description
        for field in self._columns():
            if field.name in not_kept:
                setattr(project, field.attname, self.stored[field.name])
        if not project.is_in_order:
            project.end_date = ""  # the page still shows both dates as they were typed
        return project

    def valid_lists(self) -> dict[str, models.QuerySet]:
        """The lists of terms to be stored: name → terms."""
        names = [field.name for field in Project._meta.many_to_many]
        kept = [name for name in names if name in self.cleaned_data]
        return {
            name: self.cleaned_data[name]
            for name in kept
            if name not in self.left_alone
        }
