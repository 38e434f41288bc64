"""What other mail servers answer when they could not deliver one of our mails (RFC 3464).

The text comes from strangers: every part of it may be missing, broken or untrue.
"""

import logging
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from typing import NamedTuple
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded

from common.text.lines import one_line

log = logging.getLogger(__name__)

MAX_CODE, MAX_SENTENCE = 11, 300
MOST_BOUNDARIES = 50  # parts within parts make each line of a message dearer to read
MOST_RECIPIENTS = 100  # of one report; a mail of ours has one
READ_OF_A_LINE = 4000

GLOBAL = "message/global-delivery-status"  # with letters of all scripts (RFC 6533)
STATUS_PARTS = frozenset({"message/delivery-status", GLOBAL})
EMPTY_LINE = re.compile(rb"\r?\n(?:[ \t]*\r?\n)+")
OUR_MAIL = re.compile(r"<([0-9a-f]{32})@[^<>@\s]+>")
CODE = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# Exim says 5.0.0 of everything; what the other server has said may be more exact.
EXACT_CODE = re.compile(r"[245]\d\d[ -]([245]\.\d{1,3}\.\d{1,3})(?![\d.])")


class Return(NamedTuple):
    """A mail of ours that will not arrive: which, the code of RFC 3463, and the sentence of the
    other server, on one line."""

    reference: UUID
    code: str
    sentence: str


def read_return(raw: bytes) -> Return | None:
    """What a message says about a mail of ours; None for anything but the report that it has
    failed for good: delays, answers of absent people, receipts, texts that cannot be read."""
    try:
        if raw.lower().count(b"boundary") > MOST_BOUNDARIES:
            return None
        return _read(message_from_bytes(raw))
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # parsers of mail fail in many ways; one message stops nobody
        log.warning("a message in the mailbox of returned mail cannot be read")
        return None


def _read(message: Message) -> Return | None:
    if message.get_content_type() != "multipart/report":
        return None
    parts = _parts(message)
    reports = [part for part in parts if part.get_content_type() in STATUS_PARTS]
    failed = next(filter(None, map(_failure, reports)), None)
    reference = next(filter(None, map(_reference, parts)), None)
    return Return(reference, *failed) if failed and reference else None


def _parts(message: Message) -> list[Message]:
    inner = message.get_payload()
    rows = inner if isinstance(inner, list) else []
    return [part for part in rows if isinstance(part, Message)]


def _failure(part: Message) -> tuple[str, str] | None:
    """Code and sentence of the first recipient for whom the sending was given up."""
    for fields in _groups(part):
        action = _text(fields, "Action").partition(" ")[0].lower()
        given = CODE.match(_text(fields, "Status"))
        if action != "failed" or not given or given[1].startswith("2"):
            continue
        kind, semicolon, answer = _text(fields, "Diagnostic-Code").partition(";")
        sentence = one_line(answer if semicolon else kind).replace("\ufffd", "?")
        code = given[1]
        if code.endswith(".0.0"):
            exact = EXACT_CODE.match(sentence)
            code = exact[1] if exact else code
        return code[:MAX_CODE], sentence[:MAX_SENTENCE] or code
    return None


def _groups(part: Message) -> list[Message]:
    """The groups of fields: of the message, then of each recipient."""
    groups = _parts(part)
    if part.get_content_type() == GLOBAL:
        # Python takes this kind for a mail: what follows its first group is the text
        texts = [one.get_payload(decode=True) for one in groups]
        rest = (EMPTY_LINE.split(text) for text in texts if isinstance(text, bytes))
        groups += [BytesHeaderParser().parsebytes(one) for some in rest for one in some]
    return groups[: MOST_RECIPIENTS + 1]


def _reference(part: Message) -> UUID | None:
    """Which mail of ours was returned, by the Message-ID of its returned header."""
    for header in _returned(part):
        ours = OUR_MAIL.search(_text(header, "Message-ID"))
        if ours:
            return UUID(ours[1])
    return None


def _returned(part: Message) -> Iterator[Message]:
    """The header of the mail that was returned, as a whole or without its text."""
    kind = part.get_content_type()
    if kind in STATUS_PARTS:
        return
    if kind == "text/rfc822-headers":
        text = part.get_payload(decode=True)
        if isinstance(text, bytes):
            yield BytesHeaderParser().parsebytes(text)
    elif part.get_content_maintype() == "message":
        yield from _parts(part)[:1]


def _text(fields: Message, name: str) -> str:
    """A field as text: UTF-8, or words encoded for mail (RFC 2047); "" when it is missing."""
    raw = next((v for k, v in fields.raw_items() if k.lower() == name.lower()), "")
    text = str(raw)[:READ_OF_A_LINE]
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if "=?" not in text:
        return text.strip()
    try:
        return str(make_header(decode_header(text))).strip()
    except (ValueError, LookupError):  # an encoding that nobody knows
        return text.strip()
