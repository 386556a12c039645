"""The tree of exceptions that `nn` raises.

NNError
├── HyperparameterError   a value that cannot be used; names each field and the remedy
├── ShapeError            an array whose shape does not fit the network
├── DatasetError          a data file that is missing, damaged or not what it says it is
│   └── DatasetMissingError   nothing is damaged: the files are not there yet
├── CheckpointError       a checkpoint that cannot be read
└── PredictionsError      the predictions of an epoch that are not there, or damaged
"""

from __future__ import annotations

from collections.abc import Mapping


class NNError(Exception):
    """Base of everything that `nn` raises on purpose."""


class HyperparameterError(NNError):
    """One or more hyperparameters cannot be used; `fields` maps each name to its message."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{name}: {message}" for name, message in self.fields.items()))


class ShapeError(NNError):
    """An array whose shape does not fit the network."""


class DatasetError(NNError):
    """A data file that is damaged or not what it says it is."""


class DatasetMissingError(DatasetError):
    """The files of a data set are neither on this machine nor, so far, downloaded."""


class CheckpointError(NNError):
    """A checkpoint that cannot be read."""


class PredictionsError(NNError):
    """The predictions of an epoch that are not there, or damaged."""
