"""Logits of runs, computed from their files without `nn.model`, and base64 conversion."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import numpy as np

from nn.datasets import load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.storage.weights_history import WeightsHistory
from tests.support.app_client import RunClient
from webapp.storage.run_files import RunFiles


def files_of(run: RunClient) -> RunFiles:
    """Return the files of the run."""
    return RunFiles(run.config.runs_dir / str(run.run_id))


def dataset_of(run: RunClient) -> Any:
    """Return the data set of the run."""
    name = run.app.runs.get(run.run_id).dataset
    return load_dataset(name, datasets_dir=run.config.datasets_dir, cache_dir=run.config.cache_dir)


def forward(run: RunClient, epoch: int, inputs: Any, parameters: Any = None) -> Any:
    """Return the logits (n_images, n_outputs) of a relu network for scaled `inputs`.

    `parameters` is the flat parameter vector. By default, it is the vector of `epoch` in the weights history.
    """
    h = Hyperparameters.parse(run.app.runs.get(run.run_id).hyperparameters)
    if parameters is None:
        with WeightsHistory.open(files_of(run).weights) as history:
            parameters = history.read(epoch)
    values, start = np.asarray(inputs, np.float64), 0
    sizes = [h.n_features, *h.hidden_sizes, 10]
    for layer, (n_inputs, n_units) in enumerate(itertools.pairwise(sizes)):
        weights = parameters[start : start + n_inputs * n_units].reshape(n_inputs, n_units).astype(np.float64)
        start += n_inputs * n_units
        values = values @ weights + parameters[start : start + n_units]
        start += n_units
        if layer < len(h.hidden_sizes):
            values = np.maximum(values, 0)
    assert start == len(parameters)
    return values


def softmax(logits: Any) -> Any:
    """Return the softmax of each row."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def bytes_of(text: str, dtype: Any = np.uint8) -> Any:
    """Return the numbers in a base64 text."""
    return np.frombuffer(base64.b64decode(text), dtype)


def base64_of(values: Any) -> str:
    """Return bytes as base64 text."""
    return base64.b64encode(np.asarray(values, np.uint8).tobytes()).decode()


def misclassified_index(run: RunClient, epoch: int) -> int:
    """Return the index of a test image that the network of this epoch misclassifies."""
    test = dataset_of(run).test
    is_misclassified = forward(run, epoch, test.inputs / 16).argmax(axis=1) != test.labels
    return int(np.flatnonzero(is_misclassified)[0])
