"""Virus scanning by clamd, when CLAMD_URL is set."""

import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

CHUNK = 64 * 1024
SECONDS = 10  # seconds for each step of the conversation
REPLY = 4096  # bytes at most that clamd may answer


class NoVerdictError(Exception):
    """The scanner cannot say now whether the file is clean."""


def virus_in(file: File) -> str:
    """The name of the virus found, or "". Reads `file` from its start and leaves it there.

    Speaks clamd's INSTREAM: the length of each piece in four bytes, then the piece; an empty one
    ends it. Raises NoVerdictError when clamd is not reached or does not answer as it should.
    """
    file.seek(0)
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(CHUNK):
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            answer = _reply(line)
    except (OSError, ValueError) as error:
        raise NoVerdictError from error
    finally:
        file.seek(0)
    if answer == "stream: OK":
        return ""
    if not answer.endswith(" FOUND"):  # such as “INSTREAM size limit exceeded. ERROR”
        raise NoVerdictError(answer)
    return answer.removeprefix("stream: ").removesuffix(" FOUND")[:200]


def _connected() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "tcp":
        return socket.create_connection(
            (address.hostname or "", address.port or 3310), SECONDS
        )
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(SECONDS)
        line.connect(address.path)
    except OSError:
        line.close()
        raise
    return line


def _reply(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < REPLY:
        piece = line.recv(REPLY)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def require_clean(file: UploadedFile) -> bool:
    """Raises ValidationError when a virus is found. False: no scanner is set, or it is down."""
    if not settings.CLAMD_URL:
        return False
    try:
        virus = virus_in(file)
    except NoVerdictError:
        return False
    if virus:
        raise infected(virus)
    return True


def infected(virus: str) -> ValidationError:
    return ValidationError(
        _("The virus check found “%(virus)s” in this file. It was not kept."),
        code="infected",
        params={"virus": virus},
    )


def require_scanned(file: UploadedFile) -> None:
    """For places that cannot hold a file back: with a scanner set, no answer is a refusal."""
    if not require_clean(file) and settings.CLAMD_URL:
        raise ValidationError(
            _(
                "The file cannot be checked for viruses at the moment. Try again in a few minutes."
            ),
            code="scanner_down",
        )
