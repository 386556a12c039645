"""A simulated viewer of a run. It disconnects and reconnects at random, and collects epochs as the page does."""

from __future__ import annotations

import random
import time
from typing import Any

from tests.support.server_process import ENDED
from tests.support.socket_client import SocketClient


class Viewer:
    """A viewer that watches one run to its end.

    After `watch`, `epochs` lists the epochs that the page of such a viewer would show.
    """

    def __init__(self, base_url: str, run_id: int, *, seed: int, longest_stay: int = 30) -> None:
        self.base_url = base_url
        self.run_id = run_id
        self.epochs: list[dict[str, Any]] = []
        self.repeated = 0
        self.connections = 0
        self._random = random.Random(seed)
        self._longest_stay = longest_stay

    def watch(self, *, timeout: float = 120.0) -> None:
        """Connect for a random number of events, disconnect, and repeat this until the run has ended."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.connections += 1
            client = SocketClient(self.base_url)
            if self._stay(client, deadline):
                client.close()
                return
            client.drop()
            time.sleep(self._random.uniform(0.0, 0.3))  # events that are sent meanwhile are lost
        raise AssertionError(f"run {self.run_id} did not end within {timeout:g} s")

    def _stay(self, client: SocketClient, deadline: float) -> bool:
        """Receive events, and return True if the run ended."""
        client.emit("subscribe", {"run_id": self.run_id, "after_epoch": len(self.epochs)})
        for _ in range(self._random.randint(1, self._longest_stay)):
            received = client.receive(timeout=max(0.1, deadline - time.monotonic()))
            if received is None:
                return False
            event, data = received
            if event == "epoch_completed":
                self._add_epoch(data)
            elif event == "ack":
                assert data == {"ok": True}, data
            elif event == "run_finished":
                assert data["status"] in ENDED
                return True
        return False

    def _add_epoch(self, data: dict[str, Any]) -> None:
        epoch = {name: value for name, value in data.items() if name != "run_id"}
        if epoch["epoch"] <= len(self.epochs):
            self.repeated += 1
            return
        assert epoch["epoch"] == len(self.epochs) + 1, f"epoch {epoch['epoch']} arrived after {len(self.epochs)}"
        self.epochs.append(epoch)
