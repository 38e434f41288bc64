"""Pages that merge and split organizations: a preview first, and an undo."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin.read_only import ReadOnlyAdmin
from common.forms.values import chosen_ids
from common.moves.workflow import MoveRefused
from reference.country.models import Country
from stocktaking.organization.identity import INTERNATIONAL
from stocktaking.organization.models import Organization
from stocktaking.organization.references import Carried, Column, column_of, rehearsed
from stocktaking.organization.restructuring import Restructuring, carried_references

MAX_AT_ONCE = 20
TWO = 2  # organizations at least, to have something to merge
LIKE_SHOWN = 10  # names alike that are offered
ROWS_SHOWN = 300  # of one kind, on the page of a split
CHANGE = "admin:stocktaking_organization_change"


class Going(NamedTuple):
    """Rows of one kind that move, for display."""

    label: str
    number: int
    names: list[str]


class Kind(NamedTuple):
    """Rows of one kind from which those of a new organization are chosen."""

    key: str
    label: str
    rows: list[tuple[int, str, str, bool]]  # id, name, country, chosen
    more: int


def labels() -> dict[str, str]:
    """Model → name of its rows."""
    return {
        reference.model._meta.label_lower: capfirst(
            str(reference.model._meta.verbose_name_plural)
        )
        for reference in carried_references()
    }


def going(carried: Iterable[Carried]) -> tuple[list[Going], list[Going]]:
    """What moves, and what exists at both and is therefore dropped once."""
    moved: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    names: dict[str, list[str]] = {}
    models_of = {ref.model._meta.label_lower: ref.model for ref in carried_references()}
    for one in carried:
        moved.update(one.counts())
        dropped.update(one.dropped_counts())
        for label in one.counts():
            model = models_of[label]
            rows = model._base_manager.filter(pk__in=one.ids(label)[:ROWS_SHOWN])
            names.setdefault(label, []).extend(str(row) for row in rows)
    called = labels()
    return (
        [
            Going(called[label], count, names[label])
            for label, count in sorted(moved.items())
        ],
        [Going(called[label], count, []) for label, count in sorted(dropped.items())],
    )


def context_of(
    desk: admin.ModelAdmin, request: HttpRequest, title: str
) -> dict[str, Any]:
    if not desk.has_change_permission(request):
        raise PermissionDenied
    return desk.admin_site.each_context(request) | {
        "title": title,
        "opts": desk.model._meta,
    }


# --- merge ----------------------------------------------------------------------------------


def merge(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Choose which one is kept; see what moves; confirm."""
    context = context_of(desk, request, _("Merge organizations"))
    data = request.POST if request.method == "POST" else request.GET
    ids = chosen_ids(data.get("ids", ""), MAX_AT_ONCE)
    ids += chosen_ids(data.get("with", ""), 1)
    rows = Organization.objects.filter(pk__in=ids, successor=None).order_by(
        "name", "pk"
    )
    by_id = {str(row.pk): row for row in rows}
    if len(by_id) < TWO:
        return _choose_other(request, context, by_id, data.get("q", ""))
    context |= {"organizations": list(by_id.values()), "ids": ",".join(by_id)}
    survivor = by_id.pop(data.get("survivor", ""), None)
    if request.method != "POST" or survivor is None:
        context["missing"] = request.method == "POST"
        return render(request, "admin/stocktaking/organization/merge.html", context)
    others = list(by_id.values())
    try:
        if "confirm" in request.POST:
            return _merged(request, survivor, others)
        done = rehearsed(lambda: _merge_all(request, survivor, others))
    except MoveRefused as error:
        context["refusal"] = error.message
        return render(
            request, "admin/stocktaking/organization/merge.html", context, status=409
        )
    moved, dropped = going(one.carried for one in done)
    countries = {row.country_id for row in (survivor, *others)} - {None}
    context |= {
        "survivor": survivor,
        "others": others,
        "moved": moved,
        "dropped": dropped,
        "countries_differ": len(countries) > 1,
    }
    return render(request, "admin/stocktaking/organization/merge_preview.html", context)


def _choose_other(
    request: HttpRequest,
    context: dict[str, Any],
    chosen: dict[str, Organization],
    text: str,
) -> HttpResponse:
    """Choose the second organization; similar names are offered."""
    if not chosen:
        raise Http404
    (first,) = chosen.values()
    rows = Organization.objects.filter(successor=None).exclude(pk=first.pk)
    context |= {
        "first": first,
        "q": text,
        "offered": rows.like(text or first.name).select_related("country")[:LIKE_SHOWN],
    }
    return render(request, "admin/stocktaking/organization/merge_other.html", context)


def _merge_all(
    request: HttpRequest, survivor: Organization, others: list[Organization]
) -> list[Restructuring]:
    return [
        Restructuring.objects.merge(survivor, other, request.user) for other in others
    ]


def _merged(
    request: HttpRequest, survivor: Organization, others: list[Organization]
) -> HttpResponse:
    _merge_all(request, survivor, others)
    messages.success(
        request,
        _("All of it belongs to “%(name)s” now. You can undo the merge on this page.")
        % {"name": survivor.name},
    )
    return redirect(CHANGE, survivor.pk)


# --- split ----------------------------------------------------------------------------------


class SplitForm(forms.Form):
    """The target of the split: a listed organization, or a new one."""

    target = forms.ModelChoiceField(
        label=gettext_lazy("Organization that is listed already"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: make a new one"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the new organization"),
        max_length=250,
        required=False,
    )
    country: forms.Field = forms.ModelChoiceField(
        label=gettext_lazy("Country of the new organization"),
        queryset=Country.objects.exclude(pk=INTERNATIONAL),
        required=False,
        empty_label=gettext_lazy("None: it is international"),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        namesakes = Organization.objects.filter(successor=None).like(organization.name)
        target: Any = self.fields["target"]
        target.queryset = namesakes.exclude(pk=organization.pk)
        target.label_from_instance = lambda row: row.name_with_country
        self.fields["name"].initial = organization.name
        self.organization = organization

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("target"):
            made = Organization(
                name=" ".join((data.get("name") or "").split()),
                country=data.get("country"),
                international=data.get("country") is None,
                stakeholder_type=self.organization.stakeholder_type,
                confirmed_at=self.organization.confirmed_at,
            )
            try:
                made.full_clean()
            except ValidationError as error:
                self.add_error(None, error.messages)
            data["target"] = made
        return data


def split(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the target; select what belongs to it; preview; confirm."""
    context = context_of(desk, request, _("Split an organization"))
    organization = get_object_or_404(Organization, pk=pk, successor=None)
    page = "admin/stocktaking/organization/split.html"
    sent = request.POST if request.method == "POST" else None
    form = SplitForm(sent, organization=organization)
    context |= {"organization": organization, "form": form}
    if sent is None or not form.is_valid():
        return render(request, page, context, status=400 if form.errors else 200)
    target = form.cleaned_data["target"]
    chosen = _ticked(request) if "ticked" in request.POST else None
    aliases = request.POST.getlist("alias")
    context |= {
        "target": target,
        "kinds": kinds_of(organization, target, chosen),
        "aliases": [(name, name in aliases) for name in organization.aliases],
    }
    if chosen is None:
        return render(request, page, context)
    try:
        if "confirm" in request.POST:
            done = Restructuring.objects.split(
                organization, target, chosen, aliases, request.user
            )
            text = _(
                "“%(name)s” has its part now. You can undo the split on this page."
            )
            messages.success(request, text % {"name": done.other_name})
            return redirect(CHANGE, organization.pk)
        done = rehearsed(
            lambda: Restructuring.objects.split(
                organization, target, chosen, aliases, request.user
            )
        )
    except MoveRefused as error:
        context["refusal"] = error.message
        return render(request, page, context, status=409)
    except ValidationError as error:
        context["refusal"] = " ".join(error.messages)
        return render(request, page, context, status=409)
    moved, dropped = going([done.carried])
    context |= {"moved": moved, "dropped": dropped, "preview": True}
    return render(request, page, context)


def kinds_of(
    organization: Organization,
    target: Organization,
    chosen: dict[Column, list[int]] | None,
) -> list[Kind]:
    """All that refers to the organization, by kind. What is in the country of the other one is
    preselected."""
    kinds = []
    for reference in carried_references():
        model: Any = reference.model
        own = {field.name for field in model._meta.fields}
        rows = model._base_manager.filter(**{reference.name: organization}).order_by(
            "pk"
        )
        if "country" in own:
            rows = rows.select_related("country")
        total = rows.count()
        if not total:
            continue
        column = column_of(reference)
        ticked = None if chosen is None else set(chosen.get(column, ()))
        listed = []
        for row in rows[:ROWS_SHOWN]:
            country = getattr(row, "country", None) if "country" in own else None
            at_home = country is not None and country.pk == target.country_id
            listed.append(
                (
                    row.pk,
                    str(row),
                    str(country or ""),
                    at_home if ticked is None else row.pk in ticked,
                )
            )
        label = capfirst(str(model._meta.verbose_name_plural))
        kinds.append(Kind(".".join(column), label, listed, max(0, total - ROWS_SHOWN)))
    return kinds


def _ticked(request: HttpRequest) -> dict[Column, list[int]]:
    """Column → ids, as the checkboxes of the page name them."""
    ticked: dict[Column, list[int]] = {}
    for reference in carried_references():
        column = column_of(reference)
        ids = request.POST.getlist(".".join(column))
        if chosen := chosen_ids(",".join(ids), len(ids)):
            ticked[column] = chosen
    return ticked


# --- undo -----------------------------------------------------------------------------------


def undo(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a merge or a split, after showing what moves back where."""
    context = context_of(desk, request, _("Undo a merge or a split"))
    done = get_object_or_404(
        Restructuring.objects.select_related("kept", "other", "by"), pk=pk
    )
    if request.method != "POST":
        moved, dropped = going([done.carried])
        context |= {"done": done, "moved": moved, "dropped": dropped}
        return render(request, "admin/stocktaking/organization/undo.html", context)
    try:
        done.undo(request.user)
    except MoveRefused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The merge or split is undone."))
    return redirect(CHANGE, done.kept_id) if done.kept_id else redirect("admin:index")


@admin.register(Restructuring)
class RestructuringAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "kind",
        "kept_name",
        "other_name",
        "by",
        "undone_at",
        "undone_by",
    )
    list_select_related = ("by", "undone_by")
    list_filter = ("kind",)
    search_fields = ("kept_name", "other_name")
    exclude = ("rows",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).order_by("-pk")
