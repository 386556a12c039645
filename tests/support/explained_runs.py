"""Runs whose answers are to be explained, and what their networks say, worked out from their files alone."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import numpy as np

from nn.datasets import load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.storage.weights_history import WeightsHistory
from tests.support.app_client import RunClient, Trained
from webapp.config import Config
from webapp.storage.run_files import RunFiles


class Onlooker(RunClient):
    """A dashboard that is opened beside, or after, the one that trains: nothing that it tells is from its memory."""

    def __init__(self, config: Config, run_id: int) -> None:
        super().__init__(config)
        self.run_id = run_id


def files_of(run: Trained) -> RunFiles:
    """The files of the run."""
    return RunFiles(run.config.runs_dir / str(run.run_id))


def dataset_of(run: Trained) -> Any:
    """The data set that the run learns from."""
    name = run.app.runs.get(run.run_id).dataset
    return load_dataset(name, datasets_dir=run.config.datasets_dir, cache_dir=run.config.cache_dir)


def forward(run: Trained, epoch: int, inputs: Any, parameters: Any = None) -> Any:
    """The sums (n_images, n_outputs) of a relu network for scaled `inputs`, layer by layer from the flat parameters."""
    h = Hyperparameters.parse(run.app.runs.get(run.run_id).hyperparameters)
    if parameters is None:
        with WeightsHistory.open(files_of(run).weights) as history:
            parameters = history.read(epoch)
    values, start = np.asarray(inputs, np.float64), 0
    sizes = [h.n_features, *h.hidden_sizes, 10]
    for place, (n_inputs, n_units) in enumerate(itertools.pairwise(sizes)):
        weights = parameters[start : start + n_inputs * n_units].reshape(n_inputs, n_units).astype(np.float64)
        start += n_inputs * n_units
        values = values @ weights + parameters[start : start + n_units]
        start += n_units
        if place < len(h.hidden_sizes):
            values = np.maximum(values, 0)
    assert start == len(parameters)
    return values


def softmax(sums: Any) -> Any:
    """Of each row."""
    shares = np.exp(sums - sums.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def bytes_of(text: str, dtype: Any = np.uint8) -> Any:
    """The numbers that were put into base64."""
    return np.frombuffer(base64.b64decode(text), dtype)


def base64_of(values: Any) -> str:
    """Bytes as they travel."""
    return base64.b64encode(np.asarray(values, np.uint8).tobytes()).decode()


def misclassified_index(run: Trained, epoch: int) -> int:
    """A test image that the network of that epoch misclassifies."""
    test = dataset_of(run).test
    wrong = forward(run, epoch, test.inputs / 16).argmax(axis=1) != test.labels
    return int(np.flatnonzero(wrong)[0])
