"""Marionette, the remote control that every Firefox has built in: the socket through which firefox.py asks.

A packet is `LENGTH:JSON`, the length in bytes; a command `[0, number, name, parameters]`, its answer
`[1, number, error, result]`. Commands, error words and the key of an element are those of W3C WebDriver.
Source: https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

import json
import socket
from typing import Any

from served import TIMEOUT

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key under which WebDriver passes an element


class FirefoxError(Exception):
    """Firefox refused a command; `kind` is WebDriver's word for it, such as "no such element"."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(f"{kind}: {sentence}")
        self.kind = kind


class Marionette:
    """The socket: one command, one answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.stream = self.socket.makefile("rb")
        self.number = 0
        assert self._read()["marionetteProtocol"] == 3

    def ask(self, command: str, **parameters: Any) -> Any:
        """What Firefox answers; FirefoxError where it refuses, OSError where it is gone."""
        self.number += 1
        packet = json.dumps([0, self.number, command, parameters]).encode("ascii")
        self.socket.sendall(b"%d:%s" % (len(packet), packet))
        kind, number, error, result = self._read()
        assert (kind, number) == (1, self.number), f"not an answer to {command}: {kind}, {number}"
        if error:
            raise FirefoxError(error["error"], error["message"])
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def _read(self) -> Any:
        length = b""
        while (byte := self.stream.read(1)) != b":":
            if not byte:
                raise ConnectionError("Firefox is gone")
            length += byte
        packet = self.stream.read(int(length))
        if len(packet) < int(length):
            raise ConnectionError("Firefox is gone, in the middle of an answer")
        return json.loads(packet)

    def close(self) -> None:
        self.stream.close()
        self.socket.close()
