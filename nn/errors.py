"""Exceptions that `nn` raises.

NNError
├── HyperparameterError   invalid hyperparameters; the message names each field and the remedy
├── ShapeError            an array whose shape does not fit the network
├── DatasetError          a missing or invalid data file, an unwritable folder, or an unknown or duplicate data set
│   └── DatasetMissingError   data files that have not been downloaded yet
├── CheckpointError       an unreadable checkpoint, or the checkpoint of another run
└── PredictionsError      missing or damaged predictions, outputs or parameters of an epoch
"""

from __future__ import annotations

from collections.abc import Mapping


class NNError(Exception):
    """Base class of the exceptions that `nn` defines."""


class HyperparameterError(NNError):
    """One or more invalid hyperparameters. `fields` maps the name of each one to a message."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{name}: {message}" for name, message in self.fields.items()))


class ShapeError(NNError):
    """An array whose shape does not fit the network."""


class DatasetError(NNError):
    """A missing or invalid data file, an unwritable folder, or an unknown or duplicate data set."""


class DatasetMissingError(DatasetError):
    """Data files that have not been downloaded to this machine."""


class CheckpointError(NNError):
    """An unreadable checkpoint, or the checkpoint of another run."""


class PredictionsError(NNError):
    """Missing or damaged predictions, outputs or parameters of an epoch."""
