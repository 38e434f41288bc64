"""Count the votes of a contest, freeze the results and name the champions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.workflow import MoveRefused
from prizes.models import Contest
from prizes.models.counting import count_votes


class Command(BaseCommand):
    help = "Counts the votes once, after voting has closed; the results are frozen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contest", help="year or address of the contest")

    def handle(self, *, contest: str, **options: Any) -> None:
        found = Contest.objects.filter(slug=contest).first()
        if found is None:
            raise CommandError(f"There is no contest {contest}.")
        try:
            results = count_votes(found)
        except MoveRefused as error:
            raise CommandError(str(error.message)) from error
        champions = sum(result.champion for result in results)
        self.stdout.write(f"{len(results)} results are frozen, {champions} champions.")
