"""The steps and fields of the project form, its image, and the errors of a move."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.files.images import FORMATS, MAX_BYTES, CleanImage, clean_image
from common.files.kept import kept
from common.files.scanner import require_clean
from stocktaking.project.fields import REQUIRED, of_step
from stocktaking.project.models import Project


class Step(NamedTuple):
    """A page of the project form: name in the address, heading, what to know. Its fields are those
    of this step (fields.py)."""

    slug: str
    legend: Promise
    hint: str | Promise = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return of_step(self.slug)


# The task list, the summary before submitting, the admin and the mail follow this order.
STEPS = (
    Step("what", _("What")),
    Step(
        "who",
        _("Who"),
        _(
            "The contact person is not published: only the secretariat sees the name and address."
        ),
    ),
    Step(
        "where",
        _("Where"),
        _("Choose “International” if the activity is not in a single country."),
    ),
    Step("when", _("When")),
    Step(
        "lines",
        _("Action lines and SDGs"),
        _("The main action line is the one the activity serves most."),
    ),
    Step(
        "results",
        _("Results and lessons"),
        _("All of this is optional, but it is what others learn most from."),
    ),
    Step("evidence", _("Evidence"), _("Images and documents are optional.")),
)


FIELDSETS = tuple((step.legend, step.hint, step.fields) for step in STEPS)


FORM_FIELDS = tuple(name for _legend, _hint, names in FIELDSETS for name in names)


MARKED_REQUIRED = frozenset((*REQUIRED, "language"))  # a language is always chosen


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
