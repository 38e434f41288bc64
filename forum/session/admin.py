"""The agenda in the admin: sessions by day and room, their people, and the next release."""

import datetime
from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Field
from django.forms import ModelForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.dates.zones import clock_in_words
from common.forms.two_tabs import TwoTabsMixin
from common.text.digits import whole_number
from forum.base.admin import DeletesWithParts, MovesAdmin
from forum.edition.models import Edition
from forum.people.models import PRESENT, Participation
from forum.room.models import Room, offered_tracks, offered_types
from forum.session.fields import ASKED, of_step
from forum.session.models import Organizer, Session
from forum.session.workflow import PLACED, SESSION_WORKFLOW

FAR_FROM_EDITION = datetime.timedelta(days=7)


LONG = datetime.timedelta(hours=12)


def address(label: Any, help_text: Any = "") -> forms.URLField:
    """A web address, with https:// where that is left out."""
    return forms.URLField(
        label=label,
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=help_text,
    )


def help_of(name: str) -> Any:
    return Session._meta.get_field(name).help_text  # type: ignore[union-attr]  # a column


class SessionForm(TwoTabsMixin, forms.ModelForm):
    """The session with the number of the version that its editor has read.

    The version covers its people and organizers too, which are forms of their own; what somebody
    else saved is shown beside what is typed here.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_time_meant = forms.BooleanField(
        label=_("The unusual time is right"),
        required=False,
        help_text=_("Only needed when the form asks for it."),
    )
    join_link = address(_("Link to join remotely"), help_of("join_link"))
    captions_link = address(_("Live captions"), help_of("captions_link"))
    link = address(_("Page of the session"))
    recording = address(_("Recording"))

    interpretation = forms.MultipleChoiceField(
        label=_("Interpretation"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Languages into which the session is interpreted."),
    )

    class Meta:
        model = Session
        fields = ASKED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The marks were made from the fields before; those set below have to be bound again.
        self._bound_fields_cache: dict[str, Any] = {}
        self.fields["seen"].initial = self.instance.version
        self.fields["join_for"].required = False  # without one it stays as it is
        edition = edition_of(self)
        if edition is None:
            return
        self.fields["edition"].initial = edition.pk
        offered: Any = self.fields
        offered["room"].queryset = edition.rooms.all()
        offered["type"].queryset = offered_types(edition, self.instance.type_id)
        offered["track"].queryset = offered_tracks(edition, self.instance.track_id)

    def _guarded(self) -> list[Any]:
        return [bound for bound in super()._guarded() if bound.name != "seen"]

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite what somebody else saved since the form was opened."""
        data = super().clean() or {}
        if self.instance.pk and data.get("seen") != self.instance.version:
            self._refuse_older_version()
        elif not data.get("is_time_meant") and {"start", "end", "edition"} & set(
            self.changed_data
        ):
            for field, sentence in unusual_times(data):
                self.add_error(field, sentence)
        return data

    def _refuse_older_version(self) -> None:
        """Whoever has compared saves with the present version."""
        posted: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict has it
        posted[self.add_prefix("seen")] = self.instance.version
        self.data = posted
        if not self.conflicts:
            raise ValidationError(
                gettext(
                    "%(who)s changed this session at %(time)s, after you had opened it. Nothing "
                    "was overwritten, and what you typed is still below: compare, then save again."
                )
                % {
                    "who": self.instance.updated_by or gettext("Someone"),
                    "time": clock_in_words(self.instance.updated_at),
                }
            )


def unusual_times(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Unusual times that have to be confirmed before saving: (field, sentence)."""
    start, end, edition = (data.get(name) for name in ("start", "end", "edition"))
    confirm = gettext("If this is right, tick “%(box)s” and save again.") % {
        "box": gettext("The unusual time is right")
    }
    if start and edition and edition.start_date:
        first, last = edition.start_date, edition.end_date or edition.start_date
        day = edition.local_day(start)
        if not first - FAR_FROM_EDITION <= day <= last + FAR_FROM_EDITION:
            sentence = gettext(
                "%(day)s is far from the edition, which lasts from %(first)s to "
                "%(last)s."
            ) % {
                "day": date_format(day),
                "first": date_format(first),
                "last": date_format(last),
            }
            yield "start", f"{sentence} {confirm}"
    if start and end and end - start > LONG:
        hours = (end - start).total_seconds() / 3600
        sentence = gettext("The session would last %(hours)s hours.") % {
            "hours": f"{hours:g}"
        }
        yield "end", f"{sentence} {confirm}"


def edition_of(form: forms.ModelForm) -> Edition | None:
    """The edition of the form, else that of the session, else the next one."""
    text = str(
        form.data.get(form.add_prefix("edition")) or form.initial.get("edition") or ""
    )
    chosen = whole_number(text)
    if chosen is not None:
        return Edition.objects.filter(pk=chosen).first()
    if form.instance.edition_id:
        return cast("Edition", form.instance.edition)
    return Edition.objects.current_or_next()


class PartFormSet(BaseInlineFormSet):
    """Parts of people: nobody may be in two rooms at once, whatever else the form changes."""

    doubt = ""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.instance.status not in PLACED:
            return
        people = [
            row["person"].pk
            for form in self.forms
            if (row := form.cleaned_data)
            and not row.get("DELETE")
            and row.get("role") in PRESENT
        ]
        if clash := self.instance.people_clash(people):
            raise ValidationError(clash)
        doubt = self.instance.namesake_clash(people)
        if doubt and not self.data.get("namesakes_checked"):
            # The page offers a checkbox to confirm it: two people may have the same name.
            self.doubt = doubt
            raise ValidationError(doubt)


class PartInline(admin.TabularInline):
    model = Participation
    formset = PartFormSet
    autocomplete_fields = ("person",)
    extra = 1


class OrganizerInline(admin.TabularInline):
    model = Organizer
    autocomplete_fields = ("organization",)
    extra = 1


class RoomOfEdition(admin.RelatedOnlyFieldListFilter):
    """Rooms of the edition that the list shows; of all editions when it shows all."""

    def field_choices(
        self, field: Field, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[Any]:
        edition = whole_number(request.GET.get("edition__id__exact", ""))
        rooms = Room.objects.select_related("edition")
        if edition is not None:
            return [(room.pk, str(room)) for room in rooms.filter(edition=edition)]
        used = rooms.filter(sessions__isnull=False).distinct()
        return [(room.pk, f"{room} ({room.edition.slug})") for room in used]


@admin.register(Session)
class SessionAdmin(DeletesWithParts, MovesAdmin):
    zone_from = ("edition",)
    workflow = SESSION_WORKFLOW
    about_moves = _(
        "If a session in the programme is cancelled, this is shown at once with "
        "the reason you enter; all other changes appear with the next release."
    )
    form = SessionForm
    list_display = (
        "title",
        "status_tag",
        "number",
        "day",
        "local_time",
        "room",
        "type",
    )
    list_filter = (
        "status",
        ("edition", admin.RelatedOnlyFieldListFilter),
        "day",
        ("room", RoomOfEdition),
        "type",
        "track",
        "action_lines",
    )
    list_select_related = ("edition", "room", "type")
    search_fields = ("title", "number", "organizers__name", "people__name")
    ordering = ("-edition__last_year", "day", "start", "pk")
    inlines = (PartInline, OrganizerInline)
    readonly_fields = ("status", "version", "updated_by", "updated_at", "history")
    formfield_overrides = {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }
    fieldsets = (
        (None, {"fields": ("seen", *of_step("what"))}),
        (
            _("Time and place"),
            {
                "fields": (*of_step("when"), "is_time_meant", *of_step("where")),
                "description": _(
                    "Times are in the time zone of the edition’s venue. The day is set from the "
                    "start; enter it separately only if no time is known."
                ),
            },
        ),
        (_("Action lines and SDGs"), {"fields": of_step("lines")}),
        (_("Links"), {"fields": of_step("links")}),
        (
            _("Record"),
            {
                "fields": (
                    "status",
                    *of_step("record"),
                    "version",
                    "updated_by",
                    "updated_at",
                    "history",
                )
            },
        ),
    )
    change_list_template = "admin/forum/session/change_list.html"
    change_form_template = "admin/forum/session/change_form.html"

    def question_before(self, record: Session, move: str) -> str:
        return record.namesake_clash() if move in ("schedule", "restore") else ""

    def was_public(self, record: Session) -> bool:
        return hasattr(record, "released")

    def dependent(self, record: Session) -> list[models.Model]:
        """A request that was used in the session has to be reviewed again first."""
        loose = set(record.submissions.except_used())
        return [one for one in super().dependent(record) if one not in loose]

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Session) -> None:
        obj.submissions.update(session=None)
        super().delete_model(request, obj)

    @admin.display(description=_("time"), ordering="start")
    def local_time(self, session: Session) -> str:
        if not session.start:
            return "–"
        zone = session.edition.zone
        end = f"{session.end.astimezone(zone):%H:%M}" if session.end else ""
        return f"{session.start.astimezone(zone):%H:%M}–{end}"

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Session | None:
        """While a change is saved the schedule is locked, so that checked rooms and people stay
        free."""
        session = cast(
            "Session | None", super().get_object(request, object_id, from_field)
        )
        if session and request.method == "POST":
            session.edition.lock()
            session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
        return session

    def save_model(
        self, request: HttpRequest, obj: Session, form: ModelForm, change: bool
    ) -> None:
        obj.version += 1 if change else 0
        obj.updated_by = cast(Any, request.user)
        super().save_model(request, obj, form, change)
