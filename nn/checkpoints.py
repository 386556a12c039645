"""The state from which training goes on as if it had never stopped, in memory and in a file."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nn.errors import CheckpointError, HyperparameterError
from nn.hyperparameters import Hyperparameters
from nn.losses import Floats

VERSION = 1


@dataclass(frozen=True, slots=True)
class BestEpoch:
    """The epoch that the validation split likes best: highest accuracy, then lowest cost."""

    epoch: int
    accuracy: float
    cost: float

    def is_better_than(self, other: BestEpoch | None) -> bool:
        """Compare accuracies; costs decide between equal ones."""
        return other is None or (self.accuracy, -self.cost) > (other.accuracy, -other.cost)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A run after `epoch` epochs.

    `parameters` and each array of `optimizer_state` are flat, (parameter_count,). `random_states` are those of the
    bit generators, by what they are for. `first_cost` is the cost of the first batch.
    """

    hyperparameters: Hyperparameters
    epoch: int
    parameters: Floats
    optimizer_state: dict[str, Floats]
    optimizer_steps: int
    random_states: dict[str, dict[str, Any]]
    first_cost: float
    best: BestEpoch | None
    elapsed_seconds: float


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write `checkpoint` to `path`, whole or not at all: under a temporary name, synced, then renamed."""
    facts = {
        "version": VERSION,
        "hyperparameters": checkpoint.hyperparameters.model_dump(mode="json"),
        "epoch": checkpoint.epoch,
        "optimizer_steps": checkpoint.optimizer_steps,
        "random_states": checkpoint.random_states,
        "first_cost": checkpoint.first_cost,
        "best": asdict(checkpoint.best) if checkpoint.best else None,
        "elapsed_seconds": checkpoint.elapsed_seconds,
    }
    arrays = {f"optimizer_{name}": array for name, array in checkpoint.optimizer_state.items()}
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("wb") as file:
        np.savez(file, facts=np.array(json.dumps(facts)), parameters=checkpoint.parameters, **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read what `save_checkpoint` wrote. Raises CheckpointError where that cannot be done."""
    try:
        with np.load(path, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        facts = json.loads(str(arrays.pop("facts")))
        if facts["version"] != VERSION:
            raise CheckpointError(f"{path} has version {facts['version']}; this program reads version {VERSION}")
        return Checkpoint(
            hyperparameters=Hyperparameters.parse(facts["hyperparameters"]),
            epoch=facts["epoch"],
            parameters=arrays.pop("parameters"),
            optimizer_state={name.removeprefix("optimizer_"): array for name, array in arrays.items()},
            optimizer_steps=facts["optimizer_steps"],
            random_states=facts["random_states"],
            first_cost=facts["first_cost"],
            best=BestEpoch(**facts["best"]) if facts["best"] else None,
            elapsed_seconds=facts["elapsed_seconds"],
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, HyperparameterError) as error:
        raise CheckpointError(f"{path} is not a checkpoint that can be read: {error}") from error
