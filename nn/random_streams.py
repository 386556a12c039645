"""Independent streams of random numbers, all derived from one seed."""

from __future__ import annotations

from typing import Any

import numpy as np


class RandomStreams:
    """One random generator for each purpose. Drawing numbers from one generator does not change the others."""

    def __init__(self, seed: int) -> None:
        initialization, order, dropout = np.random.SeedSequence(seed).spawn(3)
        self.initialization = np.random.Generator(np.random.PCG64(initialization))
        self.order = np.random.Generator(np.random.PCG64(order))
        self.dropout = np.random.Generator(np.random.PCG64(dropout))

    @property
    def state(self) -> dict[str, Any]:
        """The state of each generator that training uses, as JSON values."""
        return {"order": self.order.bit_generator.state, "dropout": self.dropout.bit_generator.state}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self.order.bit_generator.state = state["order"]
        self.dropout.bit_generator.state = state["dropout"]
