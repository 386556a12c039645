"""The telemetry recorder of a training run: its fixed examples and its schedule."""

from __future__ import annotations

from nn.datasets.dataset import Dataset
from nn.diagnosis.measurement.cost_model import RunCosts
from nn.diagnosis.measurement.fixed_examples import FixedExamples, n_fixed_examples, random_rows
from nn.diagnosis.measurement.schedule import TelemetrySchedule
from nn.diagnosis.telemetry_recorder import TelemetryRecorder
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.training.batches import ExampleLoader


def make_recorder(
    hyperparameters: Hyperparameters, network: Network, loader: ExampleLoader, data: Dataset
) -> TelemetryRecorder:
    """Return a recorder for `network` with its initial parameters.

    Its fixed examples are a random sample of the training split of `data`, the same as in the start examination.
    """
    h, n_train = hyperparameters, len(data.train)
    n_examples = n_fixed_examples(n_train)
    chunk = loader.load(data.train, random_rows(n_train, n_examples))
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
