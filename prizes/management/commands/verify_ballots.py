"""Verifies the chains of the ballot and names the first inconsistency."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prizes.contest.models import Contest, Phase
from prizes.public_record.verifying import is_on_record, verify
from prizes.result.counting import Recounting, tally


class Command(BaseCommand):
    help = (
        "Verifies the ballots of a contest, or of all, and says what it has checked. Exit code 1 "
        "when something is broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contest", nargs="?", help="year or address of the contest")
        parser.add_argument(
            "--root",
            action="append",
            default=[],
            help="a root from a mail or the feed: is it still on record? (several times)",
        )

    def handle(self, *, contest: str | None, root: list[str], **options: Any) -> None:
        contests = Contest.objects.order_by("slug")
        if contest:
            contests = contests.filter(slug=contest)
            if not contests:
                raise CommandError(f"There is no contest {contest}.")
        elif root:
            raise CommandError("Name the contest of the root.")
        broken = [one.slug for one in contests if not self.check_one(one, root)]
        if not contest:
            self.stdout.write(
                f"{len(contests)} contests checked, {len(broken)} broken."
            )
        if broken:
            raise SystemExit(1)

    def check_one(self, contest: Contest, kept: list[str]) -> bool:
        recounting = Recounting(contest)
        checked = verify(contest, recounting.add)
        if checked.broken:
            self.stdout.write(f"{contest.slug}: broken at {checked.broken}")
            return False
        for root in kept:
            if not is_on_record(contest, root):
                self.stdout.write(f"{contest.slug}: root {root} is not on record")
                return False
        if not contest.is_open(Phase.Kind.VOTING) and (
            tally(contest) != recounting.votes
        ):
            self.stdout.write(
                f"{contest.slug}: the tally is not the recount of the events"
            )
            return False
        if checked.events:
            agree = f", {checked.roots} published roots agree" if checked.roots else ""
            self.stdout.write(
                f"{contest.slug}: {checked.events} events, root hash {checked.root}{agree}"
            )
        else:
            self.stdout.write(f"{contest.slug}: no vote was ever given here")
        return True
