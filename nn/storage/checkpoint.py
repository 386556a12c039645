"""Checkpoints, in memory and in files: the state from which training resumes with identical results."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nn.array_files import read_arrays
from nn.array_types import FloatArray
from nn.atomic_write import replace_atomically
from nn.errors import CheckpointError
from nn.hyperparameters.schema import Hyperparameters
from nn.random_streams import RandomStreams

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class BestEpoch:
    """The epoch with the highest validation accuracy.

    Among epochs of equal accuracy, it is the epoch with the lowest validation cost.
    """

    epoch: int
    accuracy: float
    cost: float

    def is_better_than(self, other: BestEpoch | None) -> bool:
        """Return True if the accuracy is higher than that of `other`, or if it is equal and the cost is lower.

        Every epoch is better than None.
        """
        return other is None or (self.accuracy, -self.cost) > (other.accuracy, -other.cost)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The state of a run after `epoch` epochs.

    `parameters` and each array of `optimizer_state` are flat vectors (parameter_count,). `scaling_offset` and
    `scaling_scale` are the `Scaling` of the inputs; `target_offset` and `target_scale` are the `Scaling` of regression
    targets. With them, the network can predict without its training examples. `random_state` is the state of
    `RandomStreams`, and `first_cost` is the cost before the first step.
    """

    hyperparameters: Hyperparameters
    epoch: int
    parameters: FloatArray
    optimizer_state: dict[str, FloatArray]
    optimizer_steps: int
    random_state: dict[str, Any]
    scaling_offset: FloatArray
    scaling_scale: FloatArray
    target_offset: FloatArray
    target_scale: FloatArray
    first_cost: float
    best: BestEpoch | None
    elapsed_seconds: float
    diverged: bool = False


class _Metadata(BaseModel):
    """The values in a checkpoint file that are not arrays, and the names of all arrays."""

    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    arrays: list[str]
    hyperparameters: dict[str, Any]
    epoch: int = Field(ge=1)
    optimizer_steps: int = Field(ge=0)
    random_state: dict[str, Any]
    first_cost: float
    best: BestEpoch | None
    elapsed_seconds: float = Field(ge=0)
    diverged: bool = False


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write `checkpoint` to `path` atomically.

    Raises OSError on failure and leaves an existing file unchanged.
    """
    arrays = {
        "parameters": checkpoint.parameters,
        "scaling_offset": checkpoint.scaling_offset,
        "scaling_scale": checkpoint.scaling_scale,
        "target_offset": checkpoint.target_offset,
        "target_scale": checkpoint.target_scale,
        **{f"optimizer_{name}": array for name, array in checkpoint.optimizer_state.items()},
    }
    metadata = _Metadata(
        version=VERSION,
        arrays=list(arrays),
        hyperparameters=checkpoint.hyperparameters.model_dump(mode="json"),
        epoch=checkpoint.epoch,
        optimizer_steps=checkpoint.optimizer_steps,
        random_state=checkpoint.random_state,
        first_cost=checkpoint.first_cost,
        best=checkpoint.best,
        elapsed_seconds=checkpoint.elapsed_seconds,
        diverged=checkpoint.diverged,
    )
    with replace_atomically(path) as file:
        np.savez(file, allow_pickle=False, facts=np.array(json.dumps(metadata.model_dump())), **arrays)


def read_checkpoint_epoch(path: Path) -> int:
    """Return the epoch of the checkpoint at `path` without loading its arrays. Raises CheckpointError."""
    try:
        return int(json.loads(str(read_arrays(path, names=("facts",))["facts"]))["epoch"])
    except Exception as error:  # many kinds of errors, as in `load_checkpoint`
        raise CheckpointError(f"{path} is not a checkpoint that can be read: {error}") from error


def load_checkpoint(path: Path, hyperparameters: Hyperparameters | None = None) -> Checkpoint:
    """Load the checkpoint at `path`.

    `hyperparameters` are the hyperparameters of the run. By default, the function parses them from the file. These must
    be valid and name a built-in data set.

    Raises CheckpointError if the file is missing or damaged, or is not a checkpoint of version VERSION.
    """
    try:
        arrays = read_arrays(path)
        written = json.loads(str(arrays.pop("facts")))
        if written["version"] != VERSION:
            raise CheckpointError(f"{path} has version {written['version']}; this program reads version {VERSION}")
        metadata = _Metadata.model_validate(written)
        if list(arrays) != metadata.arrays:  # a damaged zip directory can hide arrays
            raise CheckpointError(
                f"{path} is damaged: it holds {', '.join(arrays)} instead of {', '.join(metadata.arrays)}"
            )
        RandomStreams(0).state = metadata.random_state  # raises an error for an invalid state
        return Checkpoint(
            hyperparameters=hyperparameters or Hyperparameters.parse(metadata.hyperparameters),
            epoch=metadata.epoch,
            parameters=arrays.pop("parameters"),
            scaling_offset=arrays.pop("scaling_offset"),
            scaling_scale=arrays.pop("scaling_scale"),
            target_offset=arrays.pop("target_offset", np.zeros(1)),  # absent in files of versions without regression
            target_scale=arrays.pop("target_scale", np.ones(1)),
            optimizer_state={name.removeprefix("optimizer_"): array for name, array in arrays.items()},
            optimizer_steps=metadata.optimizer_steps,
            random_state=metadata.random_state,
            first_cost=metadata.first_cost,
            best=metadata.best,
            elapsed_seconds=metadata.elapsed_seconds,
            diverged=metadata.diverged,
        )
    except CheckpointError:
        raise
    except Exception as error:  # zip, NumPy, JSON and pydantic raise many kinds of errors
        raise CheckpointError(f"{path} is not a checkpoint that can be read: {error}") from error
