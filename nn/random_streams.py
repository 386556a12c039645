"""The independent streams of random numbers that one seed decides."""

from __future__ import annotations

from typing import Any

import numpy as np


class RandomStreams:
    """One generator for each thing that is drawn, so that drawing more of one does not change the others."""

    def __init__(self, seed: int) -> None:
        initialization, order, dropout = np.random.SeedSequence(seed).spawn(3)
        self.initialization = np.random.Generator(np.random.PCG64(initialization))
        self.order = np.random.Generator(np.random.PCG64(order))
        self.dropout = np.random.Generator(np.random.PCG64(dropout))

    @property
    def state(self) -> dict[str, Any]:
        """Where each stream that is still drawn from stands, as JSON values."""
        return {"order": self.order.bit_generator.state, "dropout": self.dropout.bit_generator.state}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self.order.bit_generator.state = state["order"]
        self.dropout.bit_generator.state = state["dropout"]
