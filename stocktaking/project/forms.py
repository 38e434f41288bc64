"""The steps and fields of the project form, its image, and the errors of a move."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.files.images import FORMATS, MAX_BYTES, CleanImage, clean_image
from common.files.kept import kept
from common.files.scanner import require_clean
from stocktaking.project.models import Project


class Step(NamedTuple):
    """A page of the project form: name in the address, heading, what to know, fields."""

    slug: str
    legend: Any
    hint: Any
    fields: tuple[str, ...]


# The task list, the summary before submitting, the admin and the mail follow this order.
STEPS = (
    Step(
        "what",
        _("What"),
        "",
        ("title", "language", "activity_type", "summary", "website"),
    ),
    Step(
        "who",
        _("Who"),
        _(
            "The contact person is not published: only the secretariat sees the name and address."
        ),
        (
            "organization_name",
            "organization_country",
            "stakeholder_type",
            "partners",
            "contact_name",
            "contact_email",
        ),
    ),
    Step(
        "where",
        _("Where"),
        _("Choose “International” if the activity is not in a single country."),
        ("country", "coverage"),
    ),
    Step("when", _("When"), "", ("timescale", "start_date", "end_date")),
    Step(
        "lines",
        _("Action lines and SDGs"),
        _("The main action line is the one the activity serves most."),
        (
            "main_action_line",
            "other_action_lines",
            "sdgs",
            "target_groups",
            "technologies",
        ),
    ),
    Step(
        "results",
        _("Results and lessons"),
        _("All of this is optional, but it is what others learn most from."),
        ("results", "replicability", "sustainability"),
    ),
    Step(
        "evidence",
        _("Evidence"),
        _("Images and documents are optional."),
        ("image", "image_alt"),
    ),
)


FIELDSETS = tuple((step.legend, step.hint, step.fields) for step in STEPS)


FIELDS = tuple(name for _legend, _hint, names in FIELDSETS for name in names)


REQUIRED = frozenset((*Project.REQUIRED_TO_SUBMIT, "sdgs", "language"))


class ImageForm(forms.ModelForm):
    """What the member's form and the admin share: an image checked by content, or removed."""

    image = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ",".join(f"image/{f.lower()}" for f in FORMATS)}
        ),
        help_text=format_lazy(
            _(
                "JPEG, PNG, WebP or GIF, at most {limit} MB. Of a moving picture, the first frame "
                "is kept and shown."
            ),
            limit=MAX_BYTES // 1024**2,
        ),
    )
    remove_image = forms.BooleanField(label=_("Remove the image"), required=False)
    website = forms.URLField(
        label=_("Website"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()

    def clean_image(self) -> Any:
        """The new image, re-encoded; the stored one when none was sent."""
        sent = self.cleaned_data["image"]
        if "image" not in self.changed_data:
            return self._kept_image() or sent
        drawn = clean_image(sent)
        require_clean(
            sent
        )  # without an answer the drawn picture is kept: nothing else is in it
        return drawn

    def _kept_image(self) -> CleanImage | None:
        """The image that was chosen before this page came back with an error."""
        upload = kept(self.data.get("kept_image"))
        if upload is None or upload["kind"] != "image":
            return None
        drawn = CleanImage(upload["content"], name="image.webp")
        drawn.is_animated = upload["is_animated"]
        return drawn

    @property
    def first_frame_only(self) -> bool:
        """Whether the chosen image was animated; pages say that only its first frame is kept."""
        return bool(getattr(self.cleaned_data.get("image"), "is_animated", False))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.pop("remove_image", False):
            data["image"], data["image_alt"] = "", ""
        return data


HINTS = {
    "title": _("At most 250 characters."),
    "summary": _("What the activity does and for whom. At most 200 words."),
    "organization_name": _(
        "Start typing: known organizations are offered, each with its country."
    ),
    "organization_country": _(
        "Organizations of the same name in two countries are two. Choose a country only if the "
        "organization is not at home in the country of the project."
    ),
    "website": _("The full address, such as https://example.org/project"),
    "start_date": _("Enter a date such as 2025, 2025-07 or 2025-07-11."),
    "end_date": _(
        "Leave empty if the activity is ongoing. Otherwise enter a date such as "
        "2025, 2025-07 or 2025-07-11."
    ),
    "partners": _("At most 1,000 words."),
    "results": _(
        "What has changed, with numbers where available. At most 1,000 words."
    ),
    "replicability": _("How others could do the same. At most 1,000 words."),
    "sustainability": _("How the activity continues. At most 1,000 words."),
    "image_alt": _("What the image shows, for people who cannot see it."),
    "contact_name": _("Not published."),
    "contact_email": _("Not published. For example name@example.org"),
}


def incomplete(error: ValidationError) -> list[str]:
    """What a move finds missing, as sentences with the names of the fields."""
    labels = {
        f.name: getattr(f, "verbose_name", f.name) for f in Project._meta.get_fields()
    }
    return [
        f"{labels[name]}: {sentence}" if name in labels else sentence
        for name, sentences in error.message_dict.items()
        for sentence in sentences
    ]
