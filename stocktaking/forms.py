"""The entry form, and the small forms around it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.uploads import FORMATS, clean_image
from common.workflow import NOTE_MAX_LENGTH
from stocktaking.models import Project

# Legend, what to know before filling it in, fields. The page, the summary before submitting and
# the mail follow this order.
FIELDSETS = (
    (_("What"), "", ("title", "language", "activity_type", "summary", "website")),
    (_("Who"), "", ("organisation_name", "stakeholder_type", "partners")),
    (
        _("Where and when"),
        _("Choose “International” when the activity has no single country."),
        ("country", "coverage", "timescale", "start_year", "end_year"),
    ),
    (
        _("Action lines and SDGs"),
        _("The main action line is the one the activity serves most."),
        ("main_action_line", "other_action_lines", "sdgs", "target_groups", "technologies"),
    ),
    (
        _("Results and evidence"),
        "",
        ("results", "replicability", "sustainability", "image", "image_alt"),
    ),
    (
        _("Contact – not public"),
        _("Only the secretariat sees these."),
        ("contact_name", "contact_email"),
    ),
)
FIELDS = tuple(name for _legend, _hint, names in FIELDSETS for name in names)
REQUIRED = frozenset((*Project.REQUIRED_TO_SUBMIT, "sdgs", "language"))
ID_DIGITS = 18  # more would not fit into a bigint
UNREADABLE = "\ufffd"  # what the decoder puts in place of bytes that are no text

HINTS = {
    "title": _("At most 250 characters."),
    "summary": _("What the activity does and for whom. At most 200 words."),
    "organisation_name": _("Begin to type: known organisations are offered."),
    "website": _("The full address, such as https://example.org/project"),
    "start_year": _("Four digits, such as 2024."),
    "end_year": _("Four digits; leave empty while the activity goes on."),
    "partners": _("At most 1,000 words."),
    "results": _("What has changed, with numbers where you have them. At most 1,000 words."),
    "replicability": _("How others could do the same. At most 1,000 words."),
    "sustainability": _("How the activity goes on. At most 1,000 words."),
    "image_alt": _("What the image shows, for people who cannot see it."),
    "contact_email": _("Such as name@example.org"),
}


def refuse_unreadable(value: Any) -> None:
    """Bytes that are no UTF-8 arrive as U+FFFD: say so, rather than store a damaged text."""
    if isinstance(value, str) and UNREADABLE in value:
        raise ValidationError(
            _("Some characters could not be read (“�”). Type them again."), code="unreadable"
        )


def with_code(term: Any) -> str:
    """Code and name of a term: people know action lines and goals by their codes."""
    return f"{term.pk} – {term}"


class ImageForm(forms.ModelForm):
    """What the member's form and the admin share: an image judged by content, or taken away."""

    image = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f"image/{f.lower()}" for f in FORMATS)}),
        help_text=_("JPEG, PNG, WebP or GIF, at most 5 MB."),
    )
    remove_image = forms.BooleanField(label=_("Remove the image"), required=False)
    website = forms.URLField(
        label=_("Website"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()

    def clean_image(self) -> Any:
        """The new picture drawn anew; what is stored when none was sent."""
        sent = self.cleaned_data["image"]
        return clean_image(sent) if "image" in self.changed_data else sent

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.pop("remove_image", False):
            data["image"], data["image_alt"] = "", ""
        return data


class ProjectForm(ImageForm):
    """The entry form of members. A draft may lack anything, so nothing is required here: what a
    submission needs is asked by `require_complete`, from the model's own rule."""

    class Meta(ImageForm.Meta):
        fields = FIELDS
        widgets = {
            "timescale": forms.RadioSelect,
            "other_action_lines": forms.CheckboxSelectMultiple,
            "sdgs": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            "technologies": forms.CheckboxSelectMultiple,
            "organisation_name": forms.TextInput(
                attrs={
                    "list": "organisation-names",
                    "autocomplete": "organization",
                    "hx-get": reverse_lazy("stocktaking:organisation-names"),
                    "hx-trigger": "input changed delay:300ms",
                    "hx-target": "#organisation-names",
                }
            ),
            "main_action_line": forms.Select(
                attrs={
                    "hx-get": reverse_lazy("stocktaking:suggested-sdgs"),
                    "hx-trigger": "change",
                    "hx-target": "#suggested-sdgs",
                }
            ),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {f.name: getattr(self.instance, f.name) for f in self._columns()}
        for name, field in self.fields.items():
            field.required = False
            field.help_text = HINTS.get(name, field.help_text)
            field.validators = [*field.validators, refuse_unreadable]
            # A browser would cut a long text short without a word; the server says what is wrong.
            field.widget.attrs.pop("maxlength", None)
            if name not in REQUIRED | {"remove_image"}:
                field.label = gettext("%(label)s (optional)") % {"label": field.label}
        for name in ("main_action_line", "other_action_lines", "sdgs"):
            self.fields[name].label_from_instance = with_code  # type: ignore[attr-defined]  # a choice of terms
        self.fields["timescale"].choices = Project.Timescale.choices  # type: ignore[attr-defined]
        if not self.instance.image:
            del self.fields["remove_image"]

    def _columns(self) -> list[models.Field]:
        return [f for f in Project._meta.fields if f.name in FIELDS]

    @classmethod
    def judging(cls, project: Project) -> "ProjectForm":
        """The form as it stands in the database, with a sentence at each field that a submission
        lacks."""
        stored = {
            bound.name: bound.field.prepare_value(bound.initial) for bound in cls(instance=project)
        }
        form = cls(stored, instance=project)
        form.require_complete()
        return form

    def fieldsets(self) -> list[tuple[Any, Any, list[forms.BoundField]]]:
        """Legend, hint and bound fields of each group, in the order of the page."""
        return [(legend, hint, [self[name] for name in names]) for legend, hint, names in FIELDSETS]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("start_year"), data.get("end_year")
        if start and end and end < start:
            self.add_error("end_year", _("The end year lies before the start year."))
        if data.get("image") and "image_alt" in data and not data["image_alt"]:
            self.add_error("image_alt", _("Describe the image for people who cannot see it."))
            if "image" in self.changed_data:
                self.add_error("image", _("Choose the image again after describing it."))
        return data

    def keep_valid(self) -> Project:
        """Store every valid field; an invalid one keeps what was stored, its text comes back to
        the writer with the page. Nothing typed is lost, whatever is wrong with it."""
        self.is_valid()
        project = self.instance
        for name in self.errors.keys() & self.stored.keys():
            setattr(project, name, self.stored[name])
        if project.start_year and project.end_year and project.end_year < project.start_year:
            project.end_year = None  # the page still shows both years as they were typed
        project.save()
        for field in Project._meta.many_to_many:
            if field.name in self.cleaned_data:
                getattr(project, field.name).set(self.cleaned_data[field.name])
        return project

    def require_complete(self) -> None:
        """Add a sentence to each field that a submission needs; call after `keep_valid`."""
        try:
            self.instance.require_complete()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                if name not in self.errors:
                    self.add_error(name if name in self.fields else None, sentences)

    def conflicts(self) -> list[dict[str, Any]]:
        """Fields in which the posted and the stored text differ, with both in readable form."""
        found = []
        for name in self.changed_data:
            if name not in {"image", "remove_image"}:
                bound = self[name]
                texts = [readable(bound, bound.initial), readable(bound, bound.data)]
                found.append({"field": bound, "stored": texts[0], "posted": texts[1]})
        return found


def chosen_ids(text: str, limit: int) -> list[int]:
    """“4,5,6” as ids, at most `limit`; what is no id is left out."""
    parts = text.split(",")[:limit]
    return [int(p) for p in parts if p.isascii() and p.isdigit() and len(p) <= ID_DIGITS]


def readable(bound: forms.BoundField, value: Any) -> str:
    """A field's value as its reader sees it: the names of choices, the text of texts."""
    choices = getattr(bound.field, "choices", None)
    prepared = bound.field.prepare_value(value)
    if choices is None:
        return "" if prepared is None else str(prepared)
    chosen = {str(code) for code in (prepared if isinstance(prepared, list) else [prepared])}
    return ", ".join(str(label) for code, label in choices if code and str(code) in chosen)


class MoveForm(forms.Form):
    """The reason that goes with a move; the move table says when one is needed."""

    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=_("Sent to the person concerned. At most 2,000 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs.pop("maxlength", None)


class ImportForm(forms.Form):
    """A file of projects for the importer, which judges its content."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("UTF-8, at most 10 MB. Nothing is written before you confirm."),
    )
