"""A form that saves itself while somebody types (static/js/draft.js), field by field.

The page holds a fingerprint of each stored value. What only somebody else changed keeps their
value; what both changed is a conflict: it is not stored, and the page shows both texts.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.forms.two_tabs import (
    Conflict,
    fingerprint,
    read_marks,
    readable,
    write_marks,
)


class AutosavedMixin(forms.BaseForm):
    """For a form whose view answers with `_saved.html` when the script asks, and shows
    `_conflicts.html` when there are any."""

    not_compared: frozenset[str] = frozenset()  # files are always chosen again
    left_alone: set[str]  # fields whose stored value is somebody else's

    def versions(self) -> str:
        """A fingerprint of the stored value of each field; it comes back with the form."""
        return write_marks(self._marks())

    def _marks(self) -> dict[str, str]:
        return {
            bound.name: fingerprint(bound, bound.initial) for bound in self._compared()
        }

    def _compared(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.not_compared]

    def reconcile(self, versions: str) -> list[Conflict]:
        """Compare the posted text, the stored one, and the one the writer began from.

        A field that only somebody else changed keeps their value; one that both changed is a
        conflict: it keeps the stored value, and both texts are shown.
        """
        begun = read_marks(versions)
        conflicts = []
        for bound in self._compared():
            stored = fingerprint(bound, bound.initial)
            posted = fingerprint(bound, bound.data)
            before = begun.get(bound.name)
            if stored in (posted, before):
                continue
            self.left_alone.add(bound.name)
            if posted != before:
                texts = readable(bound, bound.initial), readable(bound, bound.data)
                conflicts.append(Conflict(bound, *texts))
        return conflicts

    def versions_after(self, stored: "AutosavedMixin", versions: str) -> str:
        """Fingerprints for a page that stays open: of the stored values, except for fields whose
        text on that page is older than the stored one."""
        begun = read_marks(versions)
        older = {name: begun[name] for name in self.left_alone if name in begun}
        return write_marks(stored._marks() | older)


def answer_of_autosave(
    request: HttpRequest, context: dict[str, Any], said: str, status: int
) -> HttpResponse:
    """The line that the script puts into the page; it waits while `said` is conflict or closed."""
    response = render(request, "_saved.html", context, status=status)
    response["X-Draft"] = said  # pages of allauth, such as the sign-in, give none
    response["Cache-Control"] = "no-store"
    return response
