"""Whom to ask for a review, when to publish, who reads before the public."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.dates.fields import ZonedDateTimeField
from common.forms.values import refuse_unreadable
from common.mail.addresses import canonical
from common.moves.workflow import NOTE_MAX_LENGTH
from reports.early.models import MAX_READERS, MAX_REVIEWERS, EarlyReader
from reports.publication.models import Publication
from reports.report.kinds import MAX_COMMENT
from reports.report.models import Block

MAX_ADDRESSES = 6000  # characters


def note_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=help_text,
    )


class ReviewForm(forms.Form):
    """The reviewers by the addresses of their accounts."""

    reviewers = forms.CharField(
        label=_("Reviewers"),
        max_length=MAX_ADDRESSES,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
        help_text=_(
            "E-mail addresses of their accounts, one on each line. They read this version, comment "
            "on it, and get an e-mail."
        ),
    )
    note = note_field(
        _("Note"), _("Sent to the reviewers and kept in the history. Optional.")
    )

    def clean_reviewers(self) -> list[User]:
        """The accounts, each once; says which address has none."""
        typed = self.cleaned_data["reviewers"].replace(",", "\n").split()
        addresses = list(dict.fromkeys(canonical(address) for address in typed))
        if len(addresses) > MAX_REVIEWERS:
            raise ValidationError(
                _("Name at most %(limit)s reviewers."), params={"limit": MAX_REVIEWERS}
            )
        accounts = {
            user.email: user
            for user in User.objects.filter(email__in=addresses, is_active=True)
        }
        if missing := [one for one in addresses if one not in accounts]:
            raise ValidationError(
                _("No account has the address %(address)s. Ask the person to sign up."),
                params={"address": missing[0][:100]},
            )
        return [accounts[address] for address in addresses]


class ScheduleForm(forms.Form):
    """A day and a time by the clock of Geneva."""

    moment = ZonedDateTimeField(
        label=_("Publish on"),
        help_text=_("Published at this minute, unless the checklist has errors then."),
    )
    note = note_field(_("Note"), _("Kept in the history. Optional."))

    def clean_moment(self) -> Any:
        moment = self.cleaned_data["moment"]
        if moment <= timezone.now():
            raise ValidationError(_("Enter a time in the future."))
        return moment


class EarlyReaderForm(forms.ModelForm):
    """A person on the pre-release list of the version that waits."""

    begins_at = ZonedDateTimeField(label=_("May read from"))
    ends_at = ZonedDateTimeField(
        label=_("Until"),
        help_text=_("The link ends with the publication at the latest."),
    )

    class Meta:
        model = EarlyReader
        fields = ("name", "organization", "email", "language", "begins_at", "ends_at")
        widgets = {"email": forms.EmailInput}

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.publication = publication
        self.instance.version = publication.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("begins_at"), cleaned.get("ends_at")
        if ends and ends <= timezone.now():
            self.add_error("ends_at", _("Enter a time in the future."))
        elif begins and ends and ends <= begins:
            self.add_error("ends_at", _("The end lies before the beginning."))
        rows = EarlyReader.objects.of(
            self.instance.publication.pk, self.instance.version
        ).filter(removed_at=None)
        if rows.count() >= MAX_READERS:
            raise ValidationError(
                _("The list has %(limit)s people at most."),
                params={"limit": MAX_READERS},
            )
        if rows.filter(email=cleaned.get("email", "")).exists():
            self.add_error("email", _("This address is on the list already."))
        return cleaned


class AnswerForm(forms.Form):
    """What a reviewer says: a comment on each block, and a note on the whole."""

    note = note_field(
        _("Your note on the whole report"),
        _("Sent to whoever prepares the report. At most 2,000 characters."),
    )

    def __init__(self, blocks: list[Block], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blocks = blocks
        for block in blocks:
            self.fields[f"comment-{block.pk}"] = forms.CharField(
                label=_("Your comment"),
                required=False,
                max_length=MAX_COMMENT,
                widget=forms.Textarea(attrs={"rows": 2}),
                validators=[refuse_unreadable],
            )

    def comment_of(self, block: Block) -> forms.BoundField:
        return self[f"comment-{block.pk}"]

    def keep_comments(self, user: User) -> int:
        """Store the comments that were written; returns how many."""
        written = [
            (block, text)
            for block in self.blocks
            if (text := self.cleaned_data[f"comment-{block.pk}"].strip())
        ]
        for block, text in written:
            block.comments.create(text=text, by=user)
        return len(written)
