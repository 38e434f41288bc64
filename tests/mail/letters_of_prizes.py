"""The rows of letters.py for what the Prizes write after the count."""

from prizes.entry.amendment import Amendment
from tests.prizes.records import ContestFactory, EntryFactory

TEXT = "Please read the rules of the contest."


def amended(user):
    """An entry of this person was disqualified after the count."""
    found = EntryFactory(contest=ContestFactory(now="none"), owner=user)
    return {"entry": found, "amendment": Amendment(kind="disqualified", note=TEXT)}


AFTER_THE_COUNT = {
    "prizes/amendment": amended,
    "prizes/letter": lambda _user: {"subject": "WSIS Prizes 2050", "body": TEXT},
    "prizes/letter_test": lambda _user: {"subject": "[Test] WSIS", "body": TEXT},
}
