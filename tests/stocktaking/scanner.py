"""A small server that speaks clamd's protocol and knows one virus, the harmless one of EICAR."""

import socket
import socketserver
import struct
import threading

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 25 * 1024**2  # clamd's own StreamMaxLength


class Conversation(socketserver.BaseRequestHandler):
    def handle(self):
        assert self.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.read(4))[0]:
            content += self.read(size)
            if len(content) > self.server.limit:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)
        found = EICAR in content
        self.request.sendall(
            b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0"
        )

    def read(self, size):
        found = b""
        while len(found) < size:
            piece = self.request.recv(size - len(found))
            if not piece:
                raise ConnectionError("the client left in the middle of a piece")
            found += piece
        return found


class Clamd(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, limit=LIMIT):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.limit, self.seen = limit, []
        self.thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), daemon=True
        )
        self.thread.start()

    @property
    def url(self):
        return f"tcp://127.0.0.1:{self.server_address[1]}"

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


def nobody_listens():
    """An address at which no scanner answers."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{line.getsockname()[1]}"
