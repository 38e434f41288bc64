"""Verifies the chains of the ballot and names the first inconsistency."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prizes.ballot.verifying import verify
from prizes.contest.models import Contest
from prizes.result.counting import recount, tally


class Command(BaseCommand):
    help = (
        "Verifies the ballots of a contest, or of all, and says what it has checked. Exit code 1 "
        "when something is broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contest", nargs="?", help="year or address of the contest")

    def handle(self, *, contest: str | None, **options: Any) -> None:
        contests = Contest.objects.order_by("slug")
        if contest:
            contests = contests.filter(slug=contest)
            if not contests:
                raise CommandError(f"There is no contest {contest}.")
        broken = [one.slug for one in contests if not self.check_one(one)]
        if not contest:
            self.stdout.write(
                f"{len(contests)} contests checked, {len(broken)} broken."
            )
        if broken:
            raise SystemExit(1)

    def check_one(self, contest: Contest) -> bool:
        checked = verify(contest)
        if checked.broken:
            self.stdout.write(
                f"{contest.slug}: broken at {checked.broken.place}: "
                f"{checked.broken.problem}"
            )
            return False
        if tally(contest) != recount(contest):
            self.stdout.write(
                f"{contest.slug}: the tally is not the recount of the events"
            )
            return False
        if checked.events:
            self.stdout.write(
                f"{contest.slug}: {checked.events} events, root hash {checked.root}"
            )
        else:
            self.stdout.write(f"{contest.slug}: no vote was ever given here")
        return True
