"""How badges are printed, and why one is replaced."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from forum.registration.models import Attendance

LAYOUTS = (("a4", _("Four on a page of A4")), ("a6", _("One on a page of A6")))
ONLY_NEW, ALL = "new", "all"
WHICH = (
    (ONLY_NEW, _("Badges that are not printed yet")),
    (ALL, _("All badges")),
)


class BadgePrintForm(forms.Form):
    layout = forms.ChoiceField(
        label=_("Paper"), choices=LAYOUTS, widget=forms.RadioSelect, initial="a4"
    )
    attendance = forms.ChoiceField(
        label=_("Attendance"),
        choices=Attendance.choices,
        widget=forms.RadioSelect,
        initial=Attendance.ON_SITE,
    )
    which = forms.ChoiceField(
        label=_("Which"), choices=WHICH, widget=forms.RadioSelect, initial=ONLY_NEW
    )
    language = forms.ChoiceField(
        label=_("Language of the labels"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
    )


class ReplaceForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the badge replaced?"),
        max_length=300,
        validators=[refuse_unreadable],
    )
