"""The telemetry recorder of a training run: its fixed examples and its schedule."""

from __future__ import annotations

import numpy as np

from nn.datasets.dataset import Dataset
from nn.diagnosis.measurement.cost_model import RunCosts
from nn.diagnosis.measurement.example_pass import FixedExamples
from nn.diagnosis.measurement.schedule import TelemetrySchedule, n_fixed_examples
from nn.diagnosis.telemetry_recorder import TelemetryRecorder
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.training.batches import ExampleLoader


def make_recorder(
    hyperparameters: Hyperparameters, network: Network, loader: ExampleLoader, data: Dataset
) -> TelemetryRecorder:
    """Return a recorder for `network` with its initial parameters.

    Its fixed examples are evenly spaced over the training split of `data`.
    """
    h, n_train = hyperparameters, len(data.train)
    n_examples = n_fixed_examples(n_train)
    rows = np.arange(n_examples) * n_train // n_examples
    chunk = loader.load(data.train, rows)
    examples = FixedExamples(chunk.inputs, chunk.targets, chunk.labels, data.n_classes)
    costs = RunCosts.of_run(
        h,
        n_features=data.n_features,
        n_outputs=data.n_outputs,
        n_train=n_train,
        n_scored=len(data.validation) + len(data.test),
        n_examples=n_examples,
    )
    return TelemetryRecorder(h, network, examples, TelemetrySchedule(h.epochs, costs))
