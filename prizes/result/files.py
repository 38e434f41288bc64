"""The public files of a counted vote, as one archive that a worker makes once.

Two files for each category: receipts without choices, and choices without receipts, of which as
many are there as receipts that count. Both together recount the vote; neither says who chose what.
"""

import hashlib
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Self

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from prizes.ballot.barring import BarredVotes
from prizes.ballot.models import BallotEvent
from prizes.ballot.receipt import words_of
from prizes.contest.models import Contest
from prizes.public_record.chains import Chain, all_chains, frame_lines
from prizes.public_record.models import FRAME, Root
from prizes.result.counting import Recounting

FOLDER = "prizes/record"
VERIFIER = Path(__file__).parent / "recount.py"
# With fewer votes, or all for one nominee, the choices would say how single people voted.
LEAST = 20
COUNTED, LEFT_OUT = "counted", "left-out"


class RecordFileQuerySet(models.QuerySet["RecordFile"]):
    def visible(self) -> Self:
        """Public with the champions: totals can be read from the choices."""
        return self.filter(contest__champions_at__lte=Now()).exclude(file="")

    def due(self) -> Self:
        """Archives that a worker has to make."""
        return self.filter(file="").select_related("contest").order_by("pk")


class RecordFile(models.Model):
    """The archive of a contest. The count makes the row, a worker the file. `lines`: name of each
    file → number of its lines; `withheld`: the categories whose choices are not published;
    `barred`: the votes that the count left out because of their voters, as it saw them."""

    contest = models.OneToOneField(
        Contest,
        models.PROTECT,
        related_name="record_file",
        verbose_name=_("contest"),
    )
    barred = models.JSONField(_("votes left out"), default=dict, editable=False)
    file = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    lines = models.JSONField(_("lines"), default=dict)
    withheld = models.JSONField(_("categories without choices"), default=list)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)

    objects = RecordFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("files of a vote")
        verbose_name_plural = _("files of votes")
        ordering = ["contest"]

    def __str__(self) -> str:
        return self.file

    def exists(self) -> bool:
        return default_storage.exists(self.file)

    def open(self) -> Any:
        return default_storage.open(self.file)

    def member(self, name: str) -> Any:
        """One file of the archive, open for reading; None when there is none."""
        if name not in self.lines:
            return None
        return zipfile.ZipFile(self.open()).open(name)


def begin_files(contest: Contest, barred: BarredVotes) -> RecordFile:
    """What the count knows, and nobody afterwards: mailboxes are forgotten, people move on."""
    kept = {"own": sorted(barred.own), "officials": sorted(barred.officials)}
    return RecordFile.objects.create(contest=contest, barred=kept)


def write_files(record: RecordFile) -> None:
    """Make the archive; safe to run twice. The chains are walked once, and what counts is what the
    count counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.zip"
        lines, withheld = Archive(record, Path(folder)).write(path)
        with path.open("rb") as made:
            digest = hashlib.file_digest(made, "sha256").hexdigest()
            made.seek(0)
            _store(
                record,
                made,
                sha256=digest,
                size=path.stat().st_size,
                lines=lines,
                withheld=withheld,
            )


@transaction.atomic
def _store(record: RecordFile, made: IO[bytes], **values: Any) -> None:
    """Keep the archive, once: of two workers the first one's, and none of one that was lost between
    file and row."""
    rows = RecordFile.objects.select_for_update().filter(pk=record.pk, file="")
    if not rows.exists():
        return
    start = f"{record.contest.slug}-"
    for name in _names_in(FOLDER):
        if name.startswith(start) and not RecordFile.objects.filter(
            file=f"{FOLDER}/{name}"
        ):
            default_storage.delete(f"{FOLDER}/{name}")
    name = f"{FOLDER}/{start}{values['sha256'][:12]}.zip"
    stored = default_storage.save(name, File(made))
    rows.update(file=stored, made_at=Now(), **values)


def _names_in(folder: str) -> list[str]:
    """Files of a folder of the storage."""
    if not default_storage.exists(folder):
        return []
    return list(default_storage.listdir(folder)[1])


class Archive:
    """What goes into the archive of one contest."""

    def __init__(self, record: RecordFile, folder: Path) -> None:
        contest = record.contest
        self.contest, self.folder = contest, folder
        self.codes = dict(contest.categories.values_list("pk", "action_line_id"))
        barred = BarredVotes(
            frozenset((voter, entry) for voter, entry in record.barred["own"]),
            frozenset(record.barred["officials"]),
        )
        self.recounting = Recounting(contest, barred)
        self.choices: dict[str, Counter[int]] = {
            code: Counter() for code in self.codes.values()
        }
        self.lines: dict[str, int] = {}

    def write(self, path: Path) -> tuple[dict[str, int], list[str]]:
        receipts = {
            code: (self.folder / code).open("w+", encoding="utf-8")
            for code in self.codes.values()
        }
        for chain in all_chains(self.contest, {}, keeps_lines=True):
            if chain.name != FRAME:
                self._split(chain, receipts)
        withheld = [
            code for code, votes in self.choices.items() if tells_of_people(votes)
        ]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            frame = (f"{line} - -" for line in frame_lines(self.contest))
            self._add(target, "receipts-frame.txt", frame)
            self._add(target, "roots.txt", self._roots())
            self._add(target, "results.txt", self._results())
            for code, file in receipts.items():
                file.seek(0)
                self._add(target, f"receipts-{code}.txt", _plain(file))
                file.close()
                kept = () if code in withheld else _sorted(self.choices[code])
                self._add(target, f"choices-{code}.txt", kept)
        return self.lines, withheld

    def _split(self, chain: Chain, receipts: Mapping[str, IO[str]]) -> None:
        """Each event to its category; the last one of a vote says whether it counts. A void ends a
        vote, also where the voter has given another one since."""
        states: dict[int, str] = {}
        for (category, _voter), last, counts in self.recounting.judged(chain):
            if last.kind == BallotEvent.Kind.WITHDRAW:
                continue
            states[last.event] = COUNTED if counts else LEFT_OUT
            if counts:
                self.choices[self.codes[category]][last.entry] += 1
        for line in chain.lines:
            words = words_of(int(line.receipt)) if line.receipt else "-"
            void = LEFT_OUT if line.kind == BallotEvent.Kind.VOIDING else "-"
            state = states.get(line.event, void)
            receipts[self.codes[line.category]].write(f"{line.text} {words} {state}\n")

    def _roots(self) -> Iterator[str]:
        rows = Root.objects.filter(contest=self.contest).order_by("number")
        return (f"{root.line} {root.hash}" for root in rows.iterator(chunk_size=100))

    def _results(self) -> list[str]:
        """As the count hashed them: entry, category, votes, rank, champion."""
        with connection.cursor() as cursor:
            cursor.execute(RESULTS, [self.contest.pk])
            return [line for (line,) in cursor.fetchall()]

    def _add(self, target: zipfile.ZipFile, name: str, lines: Iterable[str]) -> None:
        count = 0
        with target.open(name, "w", force_zip64=True) as file:
            for line in lines:
                file.write(f"{line}\n".encode())
                count += 1
        self.lines[name] = count


RESULTS = """
SELECT concat_ws(':', r.entry_id, r.category_id, r.votes, r.rank, r.champion)
FROM prizes_result r JOIN prizes_category k ON k.id = r.category_id
WHERE k.contest_id = %s ORDER BY r.entry_id
"""


def tells_of_people(votes: Counter[int]) -> bool:
    """Whether the choices of a category would tell how single people voted."""
    return votes.total() < LEAST or len(votes) == 1


def _plain(file: IO[str]) -> Iterator[str]:
    return (line.rstrip("\n") for line in file)


def _sorted(votes: Counter[int]) -> Iterator[str]:
    """One line for each vote, in the order of the entries: the place of a line says nothing."""
    for entry in sorted(votes):
        for _vote in range(votes[entry]):
            yield str(entry)
