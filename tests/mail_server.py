"""A mail server on 127.0.0.1 (RFC 5321, as much as a test needs). Tests that use it are `loopback`."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class MailBox:
    """What came, and what is answered to a command instead of the usual (`{"RCPT": "550 no"}`)."""

    port: int = 0
    letters: list[tuple[list[str], Message]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()


class _Session(socketserver.StreamRequestHandler):
    box: MailBox

    def handle(self) -> None:
        receivers: list[str] = []
        self._say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb in self.box.answers:
                self._say(self.box.answers[verb])
            elif verb == "EHLO":
                names = ["test", *self.box.extensions]
                for name in names[:-1]:
                    self._say(f"250-{name}")
                self._say(f"250 {names[-1]}")
            elif verb == "RCPT":
                receivers.append(line.partition(":")[2].strip("<>"))
                self._say("250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                data = b""
                while (piece := self.rfile.readline()) not in (b".\r\n", b""):
                    data += piece
                self.box.letters.append((receivers, message_from_bytes(data)))
                self._say("250 ok")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mailing() -> Iterator[MailBox]:
    """A server that runs until the end of the block."""
    box = MailBox()
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Bound", (_Session,), {"box": box}))
    server.daemon_threads = True
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
