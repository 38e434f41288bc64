"""PDF documents from unknown senders: complete, readable by our check, and without active content.

Forbidden content is searched for in all bytes of the file, whether or not its tables refer to them:
a viewer that repairs a damaged file may find what a parser does not. Names may be escaped
(`/J#61vaScript`) and objects packed in streams; both are decoded. The memory needed does not grow
with the packed size (ISO 32000-2, 7.5.7).
"""

import re
import zlib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024**2
MAX_UNPACKED = 64 * 1024**2  # of all packed objects of one file together
MAX_STREAMS = 5000  # of packed objects; one holds a hundred or two
PIECE = 64 * 1024
NOTHING_RUNS = (
    "default-src 'none'; sandbox"  # the Content-Security-Policy of a download
)
HEAD = re.compile(rb"%PDF-[12]\.\d")
TAIL, TAIL_BYTES = b"%%EOF", 1024
OVERLAP = 64  # bytes; longer than any name looked for, with each letter escaped


def _name(text: str) -> bytes:
    """A pattern for a PDF name, each letter as itself or as #xx."""
    letters = (b"(?:%c|#%02x|#%02X)" % (ord(c), ord(c), ord(c)) for c in text)
    return b"/" + b"".join(letters)


# Actions that run, send or open something, files inside the file, forms with scripts, and
# encryption, which would hide all of these.
ACTIVE = re.compile(
    b"|".join(
        _name(name)
        for name in (
            "JavaScript",
            "Launch",
            "EmbeddedFile",
            "RichMedia",
            "Rendition",
            "SubmitForm",
            "ImportData",
            "GoToE",
            "GoToR",
            "Encrypt",
        )
    )
    + b"|"
    + _name("XFA")
    + rb"(?=[\s\[(<])"
)
PACKED = re.compile(_name("ObjStm"))
# What every stream of packed objects must say, and nothing else does; some readers ask for no more.
FIRST = re.compile(_name("First") + rb"\s+\d+\b(?!\s+\d+\s+R)")
# The only way in which packed objects are read here, and the only one in use: nothing in the
# dictionary but plain names and numbers, so that it has one meaning for every reader.
PLAIN_PACKED = re.compile(rb"obj\s*<<([\sA-Za-z0-9/\[\]]*)>>\s*stream\r?\n")
FILTER = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?")


def is_pdf(file: UploadedFile) -> bool:
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    return bool(HEAD.match(head))


def check_pdf(file: UploadedFile, max_bytes: int = MAX_BYTES) -> bytes:
    """The content, unchanged. Raises ValidationError with a sentence."""
    if not file.size:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    if file.size > max_bytes:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Choose a smaller one."),
            code="too_large",
            params={"limit": max_bytes // 1024**2},
        )
    file.seek(0)
    data: bytes = file.read()
    if not HEAD.match(data):
        raise ValidationError(
            _("This is not a PDF file, whatever its name says."), code="not_a_pdf"
        )
    if TAIL not in data[-TAIL_BYTES:]:
        raise _damaged()
    if ACTIVE.search(data):
        raise _active()
    _look_into_packed(data)
    return data


def _look_into_packed(data: bytes) -> None:
    plain = [m for m in PLAIN_PACKED.finditer(data) if b"/ObjStm" in m[1]]
    counts = {
        len(plain),
        *(sum(1 for _match in p.finditer(data)) for p in (PACKED, FIRST)),
    }
    if len(counts) > 1 or len(plain) > MAX_STREAMS:
        raise _unreadable()
    left = MAX_UNPACKED
    for match in plain:
        if b"/Filter" in match[1]:
            if not FILTER.search(match[1]) or b"DecodeParms" in match[1]:
                raise _unreadable()
            left = _look_through(memoryview(data)[match.end() :], left)


def _look_through(packed: memoryview, left: int) -> int:
    """Unpack in pieces and keep none; returns how many bytes may still be unpacked."""
    unpacker, end, position = zlib.decompressobj(), b"", 0
    while not unpacker.eof:
        waiting: Any = unpacker.unconsumed_tail or packed[position : position + PIECE]
        if not unpacker.unconsumed_tail:
            position += PIECE
        if not waiting:
            raise _damaged()
        try:
            piece = unpacker.decompress(waiting, PIECE)
        except zlib.error as error:
            raise _damaged() from error
        left -= len(piece)
        if left < 0:
            raise _unreadable()
        seen = end + piece
        if ACTIVE.search(seen):
            raise _active()
        end = seen[-OVERLAP:]
    return left


def _damaged() -> ValidationError:
    return ValidationError(
        _(
            "The document is damaged or cut off. Export it again and choose the new file."
        ),
        code="damaged",
    )


def _active() -> ValidationError:
    return ValidationError(
        _(
            "The document is locked, or holds scripts, forms that send data, links that open files,"
            " or other files. Print it to a new PDF and choose that one."
        ),
        code="active",
    )


def _unreadable() -> ValidationError:
    return ValidationError(
        _("The document cannot be checked. Print it to a new PDF and choose that one."),
        code="unreadable",
    )
