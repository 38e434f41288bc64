"""Shows what a count would freeze; with --officer proposes or confirms it as one of two people."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.user.models import User
from common.moves.workflow import MoveRefused
from prizes.contest.models import Contest
from prizes.result.counting import require_countable
from prizes.result.models import count_votes, standing_proposal
from prizes.result.preview import Preview, preview
from prizes.result.verification import Verification, verified_now


class Command(BaseCommand):
    help = (
        "Shows what the count of the votes would freeze. With --officer it is proposed in the name "
        "of this officer, or counted, if another officer has proposed the same numbers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contest", help="year or address of the contest")
        parser.add_argument(
            "--officer", help="e-mail address of a person of the secretariat"
        )

    def handle(self, *, contest: str, officer: str | None, **options: Any) -> None:
        edition = Contest.objects.filter(slug=contest).first()
        if edition is None:
            raise CommandError(f"There is no contest {contest}.")
        person = self.officer_of(officer) if officer else None
        try:
            require_countable(edition)
            if Verification.objects.current(edition) is None:
                verified_now(edition)
            with transaction.atomic():
                self.count(edition, person)
        except MoveRefused as error:
            raise CommandError(str(error.message)) from error

    def officer_of(self, address: str) -> User:
        person = User.objects.filter(email=address, is_active=True).first()
        if person is None or not person.is_secretariat:
            raise CommandError(f"{address} is no active account of the secretariat.")
        return person

    def count(self, contest: Contest, person: User | None) -> None:
        seen = preview(contest)
        self.show(seen)
        proposal = standing_proposal(contest, seen)
        if proposal:
            self.stdout.write(f"Proposed by {proposal.proposed_by.email}.")
        if person is None:
            self.stdout.write(
                "Nothing was frozen: two officers have to agree (--officer)."
            )
            return
        results = count_votes(contest, person, seen.digest)
        if results:
            self.stdout.write(
                f"Results frozen: {seen.results}. Champions: {seen.champions}."
            )
        else:
            self.stdout.write(
                f"Proposed by {person.email}; a second officer has to confirm."
            )

    def show(self, seen: Preview) -> None:
        for category, rows in seen.places.items():
            for entry, row in rows:
                title = "champion" if row.champion else ""
                self.stdout.write(
                    f"{category.code} {row.rank:>3} {row.votes:>9} {title:8} {entry.pk} {entry}"
                )
        self.stdout.write(
            f"{seen.given} votes given: {seen.valid} valid, {seen.void} void, {seen.removed} for "
            f"removed entries, {seen.left_out} left out. Root hash {seen.root}"
        )
