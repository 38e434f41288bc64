"""Rules and figures of held votes over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from prizes.checking.figures import COLUMNS, Cell, Line, figures_of, public_voids
from prizes.contest.api import ContestViewSet
from prizes.contest.models import Contest
from prizes.hold.rules import HoldRule

ROUNDED = "Rounded to 5; “1-4” for the numbers from 1 to 4."


class HoldRuleRow(serializers.ModelSerializer):
    """A rule by which votes are held, with its limits."""

    class Meta:
        model = HoldRule
        fields = (
            "order",
            "text",
            "shares_network",
            "shares_domain",
            "shares_ballot",
            "voters_min",
            "votes_min",
            "seconds_max",
            "age_max",
            "hours",
            "share_min",
            "confirm_hours",
        )


class HeldNumbers(serializers.Serializer):
    """Votes by what has become of them; the confirmed and the released are among the counted."""

    counted = serializers.CharField(help_text=ROUNDED)
    held = serializers.CharField(help_text=ROUNDED)
    confirmed = serializers.CharField(help_text=ROUNDED)
    released = serializers.CharField(help_text=ROUNDED)
    lapsed = serializers.CharField(help_text=ROUNDED)
    void = serializers.CharField(help_text=ROUNDED)


class HeldDayRow(HeldNumbers):
    category = serializers.CharField()
    day = serializers.DateField(help_text="By the clock of the contest.")


class VoidDayRow(serializers.Serializer):
    """Votes that two persons declared void on a day."""

    day = serializers.DateField()
    votes = serializers.CharField(help_text=ROUNDED)


class HeldVotesRow(serializers.Serializer):
    contest = serializers.CharField()
    rules = HoldRuleRow(many=True)
    total = HeldNumbers()
    days = HeldDayRow(many=True)
    voids = VoidDayRow(many=True)


class ContestHeldVotesViewSet(ContestViewSet):
    """The contests; of each the votes that fit a published rule and were held."""

    @extend_schema(responses=HeldVotesRow)
    @action(detail=True, url_path="held-votes", url_name="held-votes")
    def held_votes(self, request: Request, slug: str) -> Response:
        """Votes that were held until their voters confirmed them, by category and day."""
        contest = get_object_or_404(Contest, slug=slug)
        figures = figures_of(contest)
        row = {
            "contest": contest.slug,
            "rules": contest.hold_rules.all(),
            "total": numbers(figures.total),
            "days": [day_of(line) for line in figures.days],
            "voids": [
                {"day": void.day, "votes": void.votes.code}
                for void in public_voids(contest)
            ],
        }
        return Response(HeldVotesRow(row, context={"request": request}).data)


def numbers(cells: list[Cell]) -> dict[str, str]:
    return {name: cell.code for name, cell in zip(COLUMNS, cells, strict=True)}


def day_of(line: Line) -> dict[str, Any]:
    return numbers(line.cells) | {"category": line.category, "day": line.day}
