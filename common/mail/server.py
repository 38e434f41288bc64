"""Connection to the mail server with a time limit for the whole conversation."""

import smtplib
import socket
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from common.limits.deadline import HangUp

SECONDS = 30  # for one mail, from the first word to the last; EMAIL_TIMEOUT holds for each step
GOODBYE_SECONDS = 5


class EmailBackend(smtp.EmailBackend):
    """Django's backend with a time limit for the whole conversation."""

    _end: HangUp | None = None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Applies the limit to each socket, from the server's first line on."""
        backend, kind = self, super().connection_class

        class Followed(kind):  # type: ignore[misc, valid-type]  # one of two classes of smtplib
            def __setattr__(self, name: str, value: Any) -> None:
                super().__setattr__(name, value)
                if name == "sock" and value is not None and backend._end:
                    backend._end.follow(value)

        return Followed

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with HangUp(SECONDS) as self._end:
            self._follow_open()
            sent = super().send_messages(email_messages)
        return sent or 0

    def close(self) -> None:
        with HangUp(GOODBYE_SECONDS) as self._end:
            self._follow_open()
            super().close()

    def _follow_open(self) -> None:
        line: socket.socket | None = getattr(self.connection, "sock", None)
        if line and self._end:
            self._end.follow(line)
