"""Servers that a test starts for itself, a Redis among them."""

import socket
import subprocess
import threading
import time
from contextlib import closing, suppress
from typing import Any

from tests.requirements import answers

SECONDS = 20


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(command: list[str], port: int, **options: Any) -> subprocess.Popen[bytes]:
    """Start a server and return once it listens."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    until = time.monotonic() + SECONDS
    while not answers("127.0.0.1", port):
        assert time.monotonic() < until, f"{command[0]} does not listen"
        time.sleep(0.05)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    server.kill()
    server.wait()


class Redis:
    def __init__(self) -> None:
        self.port = free_port()
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.server = start(command, self.port)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def close_connections(self) -> int:
        """Close those of everybody and return how many they were."""
        with self.client() as client:
            return int(client.client_kill_filter(_type="normal", skipme=True))

    def pause(self, seconds: float) -> None:
        """Leave everybody waiting for their answers."""
        with self.client() as client:
            client.client_pause(int(seconds * 1000), all=True)

    def connections_received(self) -> int:
        """Return how many were ever opened, this one among them."""
        return self._told("stats", "total_connections_received")

    def connections_open(self) -> int:
        return self._told("clients", "connected_clients")

    def _told(self, section: str, name: str) -> int:
        with self.client() as client:
            return int(client.info(section)[name])

    def client(self) -> Any:
        from redis import Redis as Client

        return Client.from_url(self.url)

    def kill(self) -> None:
        stop(self.server)


class Silent:
    """A server that accepts connections and never answers."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.accepted: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self.accepted.append(self.listener.accept()[0])

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.listener.getsockname()[1]}/0"

    def asked(self) -> int:
        """Return how many connections it has accepted."""
        time.sleep(0.05)
        return len(self.accepted)

    def close(self) -> None:
        for connection in (self.listener, *self.accepted):
            connection.close()
