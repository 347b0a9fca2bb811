"""A line between a browser and the county that can be cut, or be as thin as in a hill village."""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

PIECE = 4096


@dataclass
class Line:
    """Forwards what is sent to `url`. `cut()` ends every conversation; `thin(n)` lets n bytes a second."""

    to_port: int
    server: socket.socket = field(default_factory=socket.socket)
    open: bool = True
    rate: int = 0  # bytes a second towards the county; 0: as fast as it goes
    upward: int = 0  # bytes that went towards the county
    talking: set[socket.socket] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.server.bind(("127.0.0.1", 0))
        self.server.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}"

    def cut(self) -> None:
        """Flight mode: nothing goes, and what was going breaks off."""
        self.open = False
        for one in list(self.talking):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self, rate: int = 0) -> None:
        """There is a signal again, of so many bytes a second."""
        self.rate, self.open = rate, True

    def close(self) -> None:
        self.cut()
        self.server.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _who = self.server.accept()
            except OSError:
                return
            if self.open:
                threading.Thread(target=self._talk, args=(near,), daemon=True).start()
            else:
                near.close()

    def _talk(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.to_port), timeout=20)
        except OSError:
            near.close()
            return
        self.talking |= {near, far}
        down = threading.Thread(target=self._carry, args=(far, near, False), daemon=True)
        down.start()
        self._carry(near, far, True)
        down.join()
        self.talking -= {near, far}
        near.close()
        far.close()

    def _carry(self, one: socket.socket, other: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while data := one.recv(PIECE):
                if up and self.rate:
                    time.sleep(len(data) / self.rate)
                other.sendall(data)
                if up:
                    self.upward += len(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
