"""A way to a server on which requests and answers get lost, cut or spoilt."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.servers.process import free_port

_BLOCK = 65536


class Wire:
    """Passes on what comes, from its own port to the server's.

    `cut_after` bytes of a request both ends are hung up; `spoil` changes what goes to
    the server; `lost` answers to a PUT never arrive; `reply` may answer in its place.
    """

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.cut_after: int | None = None
        self.spoil: Callable[[bytes], bytes] = bytes
        self.reply: Callable[[bytes], bytes] = lambda _request: b""
        self.lost = 0
        self._socket = socket.create_server(("127.0.0.1", self.port))

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        _hang_up(self._socket)
        self._socket.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=[caller], daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        """One connection; many requests may come over it."""
        said = bytearray()
        with caller, socket.create_connection(self._server) as server:
            back = threading.Thread(
                target=self._answer, args=[server, caller, said], daemon=True
            )
            back.start()
            with suppress(OSError):
                self._ask(caller, server, said)
            # Closing alone would not be noticed while the other thread reads.
            _hang_up(server, caller)
            back.join()

    def _ask(
        self, caller: socket.socket, server: socket.socket, said: bytearray
    ) -> None:
        while block := caller.recv(_BLOCK):
            said += block
            if reply := self.reply(block):
                caller.sendall(reply)
                return
            if self.cut_after is not None and len(said) > self.cut_after:
                server.sendall(block[: _BLOCK // 2])
                return
            server.sendall(self.spoil(block))

    def _answer(
        self, server: socket.socket, caller: socket.socket, said: bytearray
    ) -> None:
        with suppress(OSError):
            while block := server.recv(_BLOCK):
                final = not block.startswith(b"HTTP/1.1 100")
                if final and self.lost and said.startswith(b"PUT "):
                    self.lost -= 1
                    break
                if final:
                    said.clear()
                caller.sendall(block)
        _hang_up(server, caller)


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
