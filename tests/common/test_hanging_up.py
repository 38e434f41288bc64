"""Servers that drip: a byte now and then keeps each step within its limit, and is no answer."""

import contextlib
import socketserver
import threading

import pytest
from django.core import mail
from django.core.mail import EmailMessage, get_connection

from common.mail import server
from stocktaking.screening import websites
from stocktaking.screening.websites import problem_of
from tests.platform.mail_server import MailServer

DRIP = 0.05  # seconds between two bytes


class Dripping(socketserver.BaseRequestHandler):
    """Sends `start`, then one byte after the other for as long as anybody listens."""

    def handle(self):
        with contextlib.suppress(OSError):
            self.request.sendall(self.server.start)
            while not self.server.over.wait(DRIP):
                self.request.sendall(self.server.drop)


@contextlib.contextmanager
def dripping(start, drop):
    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Dripping) as server:
        server.start, server.drop, server.over = start, drop, threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.over.set()
        server.shutdown()


def smtp(port):
    return get_connection(
        "common.mail.server.EmailBackend", host="127.0.0.1", port=port
    )


@pytest.mark.parametrize(
    ("start", "drop"), [(b"220-", b"x"), (b"", b"2"), (b"220 here\r\n250-", b"y")]
)
def test_a_mail_server_that_drips_is_left(start, drop, monkeypatch):
    """In its first word or in any later one."""
    monkeypatch.setattr(server, "SECONDS", 0.4)
    message = EmailMessage("subject", "text", to=["a@agency.example"])

    with dripping(start, drop) as port, pytest.raises(OSError, match=r"."):
        smtp(port).send_messages([message])


def test_a_mail_server_that_answers_gets_the_mail():
    server = MailServer()
    message = EmailMessage("subject", ".text", to=["a@agency.example"])

    connection = smtp(server.port)
    sent = [connection.send_messages([message]), connection.send_messages([message])]
    connection.close()

    assert (sent, [one["Subject"] for one in server.letters]) == (
        [1, 1],
        ["subject"] * 2,
    )
    assert mail.outbox == []
    server.close()


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: ",
        b"HTTP/1.1 200 OK\r\n",
        b"",
        b"HTTP/1.1 301 x\r\n",
    ],
)
def test_a_website_that_drips_took_too_long(start, monkeypatch):
    monkeypatch.setattr(websites, "SECONDS_IN_ALL", 0.4)
    monkeypatch.setattr(websites, "is_public", lambda address: True)
    with dripping(start, b"z" if start[-2:] != b"\r\n" else b"Y: z\r\n") as port:
        monkeypatch.setitem(websites.PORTS, "http", port)

        assert problem_of(f"http://127.0.0.1:{port}/") == "It took too long to answer."
