"""A small IMAP server (RFC 9051, as much as a client that reads mail asks for): one mailbox, whose
messages are seen or not."""

import base64
import re
import shlex
import socketserver
import threading

READY = b"* OK here\r\n"


class Message:
    def __init__(self, uid, text):
        self.uid, self.text, self.seen = uid, text, False


class Conversation(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = (
        True  # else each answer waits 40 ms for an acknowledgement
    )

    def handle(self):
        self.server.calls += 1
        if self.server.silent:
            self.server.awake.wait()
            return
        self.wfile.write(READY)
        while line := self.rfile.readline():
            tag, word, *rest = line.decode().rstrip("\r\n").split(" ", 2)
            self.tag = tag
            self.server.asked.append(line.decode().strip())
            if getattr(self, f"on_{word.lower()}")("".join(rest)) is False:
                return

    def say(self, *lines):
        for line in lines:
            self.wfile.write(f"{line}\r\n".encode())

    def done(self, state="OK", text="done"):
        self.say(f"{self.tag} {state} {text}")

    def on_capability(self, _rest):
        sasl = " AUTH=PLAIN" if self.server.sasl else ""
        self.say(f"* CAPABILITY IMAP4rev1{sasl}")
        self.done()

    def on_authenticate(self, _rest):
        self.say("+ ")
        answer = base64.b64decode(self.rfile.readline()).decode()
        self.sign_in(answer.split("\0")[1:])

    def on_login(self, rest):
        self.sign_in(shlex.split(rest))

    def sign_in(self, given):
        if given == [self.server.user, self.server.password]:
            self.done()
        else:
            self.done("NO", "[AUTHENTICATIONFAILED] who is that?")

    def on_select(self, rest):
        if rest.strip('"') != self.server.folder:
            self.done("NO", "[NONEXISTENT] no such mailbox")
            return
        self.say(f"* {len(self.server.messages)} EXISTS")
        self.done()

    def on_uid(self, rest):
        word, _space, more = rest.partition(" ")
        return getattr(self, f"on_uid_{word.lower()}")(more)

    def on_uid_search(self, rest):
        first, last = map(int, re.match(r"(\d+):(\d+) UNSEEN", rest).groups())
        found = [m for m in self.server.messages[first - 1 : last] if not m.seen]
        self.say("* SEARCH " + " ".join(str(m.uid) for m in found))
        self.done()

    def on_uid_fetch(self, rest):
        uid, limit = re.match(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest).groups()
        self.server.fetched += 1
        if self.server.fetched == self.server.hangs_up_at:
            return False
        for place, message in enumerate(self.server.messages, 1):
            if message.uid == int(uid):
                text = message.text[: int(limit)]
                start = f"* {place} FETCH (UID {uid} BODY[]<0> {{{len(text)}}}\r\n"
                self.wfile.write(start.encode() + text + b")\r\n")
        self.done()
        return None

    def on_uid_store(self, rest):
        numbers, _space, flags = rest.partition(" ")
        assert flags == r"+FLAGS.SILENT (\Seen)"
        if self.server.forgets:
            return False
        for message in self.server.messages:
            if str(message.uid) in numbers.split(","):
                message.seen = True
        self.done()
        return None

    def on_logout(self, _rest):
        self.say("* BYE")
        self.done()
        return False


class ImapServer(socketserver.ThreadingTCPServer):
    """`sasl`: takes AUTHENTICATE; `hangs_up_at`: closes the line at this fetch; `forgets`: before
    it marks anything as seen; `silent`: takes calls and says nothing."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.user, self.password = "bounces@portal.example", "pässwörd / 1"
        self.folder = "INBOX"
        self.messages, self.asked = [], []
        self.calls = self.fetched = self.hangs_up_at = 0
        self.sasl, self.silent, self.forgets = True, False, False
        self.awake = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def put(self, *texts):
        for text in texts:
            raw = text if isinstance(text, bytes) else text.encode()
            lines = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            self.messages.append(Message(len(self.messages) + 101, lines))

    def unseen(self):
        return [message for message in self.messages if not message.seen]

    def close(self):
        self.awake.set()
        self.shutdown()
        self.server_close()
