"""A line between a browser and the server that a test can cut and mend: bytes pass it, or nobody answers."""

import socket
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Self

BYTES = 65_536
PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 56\r\nConnection: close\r\n\r\n"
    b"<!doctype html><title>Hotel</title><p>Enter your room.</p>"[:56]
)


class Line:
    """`with Line(port) as line:` forwards `line.url` to the loopback port until the end of the block."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.down = False
        self.hotel = False  # somebody else answers in the server's name
        self.open: set[socket.socket] = set()
        self.lock = Lock()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.down = True
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self._drop()

    def cut(self) -> None:
        """Break every connection; whoever tries again is sent away."""
        self.down = True
        self._drop()

    def mend(self) -> None:
        """Let everybody through again, to the server itself."""
        self.down = self.hotel = False

    def to_hotel(self) -> None:
        """From now on every request is answered with a page that knows nothing of the server."""
        self.hotel = True
        self._drop()

    def _drop(self) -> None:
        with self.lock:
            for one in self.open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self.open.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.listening.accept()
            except OSError:
                return
            if self.down:
                near.close()
            elif self.hotel:
                Thread(target=self._portal, args=(near,), daemon=True).start()
            else:
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.to))
        except OSError:
            near.close()
            return
        with self.lock:
            self.open |= {near, far}
        for source, target in ((near, far), (far, near)):
            Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(BYTES):
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _portal(self, near: socket.socket) -> None:
        with suppress(OSError), near:
            asked = b""
            while b"\r\n\r\n" not in asked and (data := near.recv(BYTES)):
                asked += data
            near.sendall(PORTAL)
            near.shutdown(socket.SHUT_WR)
            near.settimeout(1)
            while near.recv(BYTES):  # what it still sends, so that the answer is not lost with a reset
                pass
