"""The state from which training goes on as if it had never stopped, in memory and in a file."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nn.arrays import Floats
from nn.errors import CheckpointError, HyperparameterError
from nn.hyperparameters import Hyperparameters

VERSION = 1
# What a file that is no checkpoint, or a damaged one, has been seen to raise on its way through zip, NumPy and JSON.
UNREADABLE = (
    AttributeError,
    EOFError,
    HyperparameterError,
    KeyError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


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

    `parameters` and each array of `optimizer_state` are flat, (parameter_count,). `scaling_offset` and `scaling_scale`
    are what `Scaling` holds, so that the network can be used without its training images. `random_state` is that of
    `RandomStreams`, `first_cost` the cost of the first batch.
    """

    hyperparameters: Hyperparameters
    epoch: int
    parameters: Floats
    optimizer_state: dict[str, Floats]
    optimizer_steps: int
    random_state: dict[str, Any]
    scaling_offset: Floats
    scaling_scale: Floats
    first_cost: float
    best: BestEpoch | None
    elapsed_seconds: float


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write `checkpoint` to `path`, whole or not at all: under a temporary name, synced, then renamed.

    Raises OSError where that cannot be done; what was at `path` is then still there.
    """
    facts = {
        "version": VERSION,
        "hyperparameters": checkpoint.hyperparameters.model_dump(mode="json"),
        "epoch": checkpoint.epoch,
        "optimizer_steps": checkpoint.optimizer_steps,
        "random_state": checkpoint.random_state,
        "first_cost": checkpoint.first_cost,
        "best": asdict(checkpoint.best) if checkpoint.best else None,
        "elapsed_seconds": checkpoint.elapsed_seconds,
    }
    arrays = {
        "parameters": checkpoint.parameters,
        "scaling_offset": checkpoint.scaling_offset,
        "scaling_scale": checkpoint.scaling_scale,
        **{f"optimizer_{name}": array for name, array in checkpoint.optimizer_state.items()},
    }
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, allow_pickle=False, facts=np.array(json.dumps(facts)), **arrays)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


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
            scaling_offset=arrays.pop("scaling_offset"),
            scaling_scale=arrays.pop("scaling_scale"),
            optimizer_state={name.removeprefix("optimizer_"): array for name, array in arrays.items()},
            optimizer_steps=facts["optimizer_steps"],
            random_state=facts["random_state"],
            first_cost=facts["first_cost"],
            best=BestEpoch(**facts["best"]) if facts["best"] else None,
            elapsed_seconds=facts["elapsed_seconds"],
        )
    except UNREADABLE as error:
        raise CheckpointError(f"{path} is not a checkpoint that can be read: {error}") from error
