"""The mailbox into which mail is returned, read over IMAP."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit

from common.limits.deadline import HangUp

STEP_SECONDS = 10
SECONDS = 60  # for the whole conversation
MOST_BYTES = 128 * 1024  # read of a message; the report stands at its beginning
SEARCHED = (
    5000  # messages in one question, so that an answer stays a line of bearable length
)


class MailboxError(OSError):
    """The mailbox cannot be read; says why in the words of its server."""


class Place(NamedTuple):
    """Where the mailbox is."""

    is_encrypted: bool
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def of(cls, url: str) -> "Place":
        """imaps://user:password@host:port/folder, each part percent-encoded where it needs to be;
        imap:// speaks without encryption. Raises ValueError when it is something else."""
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname:
            raise ValueError("imaps://user:password@host/INBOX")
        is_encrypted = parts.scheme == "imaps"
        return cls(
            is_encrypted,
            parts.hostname,
            parts.port or (993 if is_encrypted else 143),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
        )


class Mailbox:
    """A context in which messages are read; they stay where they are and are marked as read.

    Everything raises MailboxError, OSError or imaplib's error.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self._end = HangUp(SECONDS)
        self._line: Any = None  # of imaplib
        self._count = 0

    def __enter__(self) -> Self:
        self._end.__enter__()
        try:
            self._line = self._connect()
            self._end.follow(self._line.sock)
            self._sign_in()
            self._count = int(self._ask(self._line.select(_quoted(self.place.folder))))
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError, imaplib.IMAP4.error):
            self._line.logout()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._line:
            with suppress(OSError):
                self._line.shutdown()
        self._end.__exit__(None, None, None)

    def _connect(self) -> imaplib.IMAP4:
        place = self.place
        if not place.is_encrypted:
            return imaplib.IMAP4(place.host, place.port, timeout=STEP_SECONDS)
        return imaplib.IMAP4_SSL(
            place.host,
            place.port,
            ssl_context=ssl.create_default_context(),
            timeout=STEP_SECONDS,
        )

    def _sign_in(self) -> None:
        """By SASL where the server can, which takes names and passwords in all letters."""
        if "AUTH=PLAIN" in self._line.capabilities:
            secret = f"\0{self.place.user}\0{self.place.password}".encode()
            self._line.authenticate("PLAIN", lambda _asked: secret)
        else:
            self._line.login(_quoted(self.place.user), self.place.password)

    @staticmethod
    def _ask(answer: tuple[str, list[Any]]) -> Any:
        state, data = answer
        if state != "OK":
            raise MailboxError(str(data[:1])[:200])
        return data[0]

    def unread(self) -> Iterator[str]:
        """The messages that nobody has read, the oldest first, by their lasting numbers."""
        for first in range(1, self._count + 1, SEARCHED):
            span = f"{first}:{min(first + SEARCHED - 1, self._count)}"
            found = self._ask(self._line.uid("SEARCH", span, "UNSEEN"))
            yield from (found or b"").decode("ascii").split()

    def text(self, number: str) -> bytes:
        """The beginning of a message; it stays unread. Empty when it has gone."""
        wanted = f"(BODY.PEEK[]<0.{MOST_BYTES}>)"
        state, data = self._line.uid("FETCH", number, wanted)
        self._ask((state, [None]))
        texts = [part[1] for part in data if isinstance(part, tuple)]
        return texts[0][:MOST_BYTES] if texts else b""

    def mark_read(self, numbers: list[str]) -> None:
        self._ask(
            self._line.uid("STORE", ",".join(numbers), "+FLAGS.SILENT", r"(\Seen)")
        )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
