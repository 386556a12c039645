"""The state from which training goes on as if it had never stopped, in memory and in a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nn.array_types import FloatArray
from nn.atomic_write import replace_atomically
from nn.errors import CheckpointError
from nn.hyperparameters.schema import Hyperparameters
from nn.random_streams import RandomStreams

VERSION: Literal[1] = 1


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
    are what `Scaling` holds for the inputs, `target_offset` and `target_scale` for numbers to predict, so that the
    network can be used without its training examples. `random_state` is that of
    `RandomStreams`, `first_cost` the cost before the first step.
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


class _Facts(BaseModel):
    """Everything in a checkpoint's file that is not an array, and the names of all the arrays."""

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
    """Write `checkpoint` to `path`, whole or not at all.

    Raises OSError where that cannot be done; what was at `path` is then still there.
    """
    arrays = {
        "parameters": checkpoint.parameters,
        "scaling_offset": checkpoint.scaling_offset,
        "scaling_scale": checkpoint.scaling_scale,
        "target_offset": checkpoint.target_offset,
        "target_scale": checkpoint.target_scale,
        **{f"optimizer_{name}": array for name, array in checkpoint.optimizer_state.items()},
    }
    facts = _Facts(
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
        np.savez(file, allow_pickle=False, facts=np.array(json.dumps(facts.model_dump())), **arrays)


def read_checkpoint_epoch(path: Path) -> int:
    """The epoch after which a checkpoint was taken, of which nothing else is read. Raises CheckpointError."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            return int(json.loads(str(content["facts"]))["epoch"])
    except Exception as error:  # as below
        raise CheckpointError(f"{path} is not a checkpoint that can be read: {error}") from error


def load_checkpoint(path: Path) -> Checkpoint:
    """Read what `save_checkpoint` wrote. Raises CheckpointError where that cannot be done."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        written = json.loads(str(arrays.pop("facts")))
        if written["version"] != VERSION:
            raise CheckpointError(f"{path} has version {written['version']}; this program reads version {VERSION}")
        facts = _Facts.model_validate(written)
        if list(arrays) != facts.arrays:  # a damaged table of contents hides some
            raise CheckpointError(
                f"{path} is damaged: it holds {', '.join(arrays)} instead of {', '.join(facts.arrays)}"
            )
        RandomStreams(0).state = facts.random_state  # refuses what is no state
        return Checkpoint(
            hyperparameters=Hyperparameters.parse(facts.hyperparameters),
            epoch=facts.epoch,
            parameters=arrays.pop("parameters"),
            scaling_offset=arrays.pop("scaling_offset"),
            scaling_scale=arrays.pop("scaling_scale"),
            target_offset=arrays.pop("target_offset", np.zeros(1)),  # not there before there were numbers to predict
            target_scale=arrays.pop("target_scale", np.ones(1)),
            optimizer_state={name.removeprefix("optimizer_"): array for name, array in arrays.items()},
            optimizer_steps=facts.optimizer_steps,
            random_state=facts.random_state,
            first_cost=facts.first_cost,
            best=facts.best,
            elapsed_seconds=facts.elapsed_seconds,
            diverged=facts.diverged,
        )
    except CheckpointError:
        raise
    except Exception as error:  # a foreign or damaged file fails in zip, NumPy, JSON or pydantic, in many ways
        raise CheckpointError(f"{path} is not a checkpoint that can be read: {error}") from error
