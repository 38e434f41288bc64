"""What the secretariat sees of a group of voters: what they share, and numbers. Never a voter, and
never for whom anybody voted."""

from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection, models
from django.db.models import Count, Sum
from django.db.models.functions import StrIndex, Substr

from prizes.ballot.models import Vote
from prizes.hold.models import Hold, Pattern, Signal, SignalKey
from prizes.hold.signals import domain_of


class Row(NamedTuple):
    """A line of a table: what, how many voters, how many votes, seconds for each vote."""

    label: Any
    voters: int
    votes: int
    pace: float | None = None


class Group:
    """The voters of a pattern whose votes were held by it."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.voters = pattern.holds.values("voter")
        states: Any = pattern.holds.values("state").order_by()
        numbers = dict(states.annotate(n=Count("pk")).values_list("state", "n"))
        self.states = [(state.label, numbers.get(state, 0)) for state in Hold.State]
        self.size = sum(numbers.values())
        # whoever is held again is judged by what came after the void
        void = pattern.holds.filter(state=Hold.State.VOID).values("voter")
        self.signals = Signal.objects.filter(
            models.Q(before_void=False) | models.Q(voter__in=void),
            contest=pattern.contest_id,
            voter__in=self.voters,
        )

    @property
    def categories(self) -> list[Row]:
        votes = Vote.objects.filter(
            category__contest=self.pattern.contest_id, voter__in=self.voters
        )
        rows = votes.values_list("category__action_line").order_by("category__number")
        return [Row(code, n, n) for code, n in rows.annotate(n=Count("pk"))]

    def by(self, *names: str) -> list[Row]:
        """Signals put together by these columns, the largest first."""
        rows: Any = self.signals.values(*names).order_by()
        rows = rows.annotate(
            people=Count("voter", distinct=True),
            given=Sum("votes"),
            time=Sum("seconds"),
        ).order_by("-people", *names)
        return [
            Row(
                " · ".join(row[name] for name in names)
                if len(names) > 1
                else row[names[0]],
                row["people"],
                row["given"],
                round(row["time"] / row["given"], 1) if row["given"] else None,
            )
            for row in rows[:SHOWN]
        ]

    @property
    def hours(self) -> list[Row]:
        return sorted(self.by("hour"), key=lambda row: row.label)

    @property
    def places(self) -> list[Row]:
        return self.by("network", "device")

    @property
    def ages(self) -> list[Row]:
        labels = dict(Signal._meta.get_field("age").flatchoices)
        return [row._replace(label=labels[row.label]) for row in self.by("age")]

    @property
    def domains(self) -> list[Row]:
        """With the domain in clear where enough voters share it; one voter's own is a name."""
        rows = self.by("domain")
        enough = [
            row.label
            for row in rows
            if row.label and row.voters >= self.pattern.rule.voters_min
        ]
        names = domains_behind(self.pattern.contest_id, enough) if enough else {}
        return [row._replace(label=names.get(row.label, row.label)) for row in rows]


SHOWN = 50  # rows of a table


def domains_behind(contest: int, hidden: list[str]) -> dict[str, str]:
    """Hash → the domain that it stands for, among those of all accounts; none after the count."""
    key = SignalKey.objects.filter(contest=contest).first()
    if key is None:
        return {}
    end = Substr("email", StrIndex("email", models.Value("@")) + 1)
    accounts = get_user_model().objects.annotate(end=end).order_by()
    addresses = accounts.values_list("end", flat=True).distinct()
    houses = sorted({domain_of(f"@{end}") for end in addresses} - {""})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prize_hidden(%s, house), house FROM unnest(%s::text[]) AS house"
            " WHERE prize_hidden(%s, house) = ANY (%s::text[])",
            [key.key, houses, key.key, hidden],
        )
        return dict(cursor.fetchall())
