"""A small mail server: keeps what it is given, or takes calls and says nothing."""

import socketserver
import threading
from email import message_from_bytes, policy


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.calls += 1
        if self.server.silent:
            self.server.awake.wait()
            return
        self.say("220 mail.example")
        while line := self.rfile.readline():
            word = line[:4].strip().upper()
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"DATA":
                self.say("354 go on")
                self.server.keep(self.text())
            self.say("250 ok")

    def text(self):
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters, self.calls = [], 0
        self.awake = threading.Event()
        self.silent = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def keep(self, text):
        self.letters.append(message_from_bytes(text, policy=policy.default))

    def to(self, address):
        return [letter for letter in list(self.letters) if letter["To"] == address]

    def close(self):
        self.awake.set()
        self.shutdown()
        self.server_close()
