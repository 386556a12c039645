"""Control of training from outside: pause, stop, and changes of hyperparameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from nn.errors import HyperparameterError

CHANGEABLE = frozenset({"learning_rate"})


class Control(Protocol):
    """Control of a training run. Training calls both methods in its own thread before each mini-batch."""

    def proceed(self) -> bool:
        """Wait while training is paused, and return False if training must stop."""

    def changes(self) -> Mapping[str, float]:
        """Return the hyperparameters that have changed since the last call, by name; usually none."""


class StopRequested(Exception):  # noqa: N818 - not an error
    """A request by the control to stop training."""


def check_changes(changes: Mapping[str, object]) -> None:
    """Raise HyperparameterError for hyperparameters that cannot change during training."""
    fixed = sorted(set(changes) - CHANGEABLE)
    if fixed:
        raise HyperparameterError(dict.fromkeys(fixed, "cannot change during training"))
