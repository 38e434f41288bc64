"""People are chosen by name or e-mail address, even by staff who may not open accounts."""

from typing import Any

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import get_permission_codename, get_user_model
from django.db import models
from django.db.models import Model
from django.http import HttpRequest

LETTERS_AT_LEAST = 2  # nobody leafs through all members in a list of choices


def label_of(person: Any) -> str:
    """Name and address, so that two people of one name can be told apart."""
    name = person.get_full_name()
    return f"{name} ({person.email})" if name else str(person.email)


class PersonField(forms.ModelChoiceField):
    """An account, shown with its name and its address."""

    def label_from_instance(self, obj: Model) -> str:
        return label_of(obj)


def fields_of_people(model: type[models.Model]) -> list[str]:
    """Names of the fields that point to an account."""
    user_model = get_user_model()
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.model is user_model
    ]


class LookUpView(AutocompleteJsonView):
    """Whoever may edit a record may look up the people it names, and no others.

    Without the permission to view accounts one finds only active people, by at least two letters of
    name or address, and sees nothing but these two.
    """

    def has_perm(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if super().has_perm(request, obj):
            return True
        return self._is_for_people() and self._may_write_source(request)

    def _is_for_people(self) -> bool:
        return self.model_admin.model is get_user_model()

    def _may_write_source(self, request: HttpRequest) -> bool:
        source = self.source_field.model._meta
        return any(
            request.user.has_perm(
                f"{source.app_label}.{get_permission_codename(act, source)}"
            )
            for act in ("add", "change")
        )

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset()
        if not self._is_for_people():
            return rows
        if len(self.term.strip()) < LETTERS_AT_LEAST:
            return rows.none()
        return rows.filter(is_active=True)

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        return result | {"text": label_of(obj)} if self._is_for_people() else result
