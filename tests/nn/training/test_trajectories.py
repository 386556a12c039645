"""Comparison of fifty training steps with a textbook implementation, from the same weights on the same batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.datasets import Dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.layers import Dense
from nn.model.losses import LOSSES
from nn.model.network import Network
from nn.random_streams import RandomStreams
from nn.training.optimizers import make_optimizer
from nn.training.schedules import SCHEDULES, learning_rate
from tests.support.datasets.small_dataset import small_dataset
from tests.support.event_recorder import record
from tests.support.textbook import Array, Textbook, matrices, rates

TOLERANCE = 1e-10
STEPS = 50
N_FEATURES, N_OUTPUTS, BATCH = 5, 3, 6

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"optimizer": "sgd", "learning_rate": 0.1},
    "momentum": {"optimizer": "sgd", "momentum": 0.8, "learning_rate": 0.05},
    "nesterov": {"optimizer": "sgd", "momentum": 0.8, "nesterov": True, "learning_rate": 0.05},
    "rmsprop": {"optimizer": "rmsprop", "rho": 0.95, "epsilon": 1e-4, "learning_rate": 0.01},
    "adam": {"optimizer": "adam", "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-4, "learning_rate": 0.01},
}
REGULARIZERS: list[dict[str, Any]] = [
    {"l1": 0.01},
    {"l2": 0.1},
    {"dropout_rate": 0.4},
    {"l1": 0.01, "l2": 0.1, "dropout_rate": 0.2},
]
OTHER_CHOICES: list[dict[str, Any]] = [{"use_bias": False}, {"reduction": "sum"}]
SCHEDULED: dict[str, dict[str, Any]] = {
    "constant": {},
    "linear": {"final_learning_rate_fraction": 0.2},
    "exponential": {"decay_rate": 0.8},
    "step": {"decay_rate": 0.5, "decay_every": 3},
    "cosine": {"final_learning_rate_fraction": 0.1},
}
LOSSES_WITH_OUTPUTS = [
    (name, output)
    for name, loss in LOSSES.items()
    for output in (["linear"] if loss.expects_logits else ["sigmoid", "tanh", "linear"])
]


def make_hyperparameters(**values: Any) -> Hyperparameters:
    common = {"hidden_sizes": (6, 4), "dtype": "float64", "initializer": "glorot", "bias_initializer": "normal"}
    return Hyperparameters(**(common | values))


def batch_of(h: Hyperparameters, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return random inputs, with random classes for a cross-entropy or random numbers for a squared loss."""
    inputs = rng.standard_normal((BATCH, N_FEATURES))
    if LOSSES[h.loss].expects_logits:
        return inputs, np.eye(N_OUTPUTS)[rng.integers(0, N_OUTPUTS, BATCH)]
    return inputs, rng.random((BATCH, N_OUTPUTS))


def largest_difference(layers: tuple[Dense, ...], book: Textbook) -> float:
    """Return the largest relative difference of the parameters.

    A difference is divided by the parameter, or by 1/1000 of the layer's largest parameter if that is larger.
    """
    differences = [
        (np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-3 * np.abs(theirs).max())).max()
        for ours, theirs in zip(matrices(layers), book.weights, strict=True)
    ]
    return float(np.max(differences))  # np.max returns NaN if any difference is NaN


def train_both(h: Hyperparameters, book_h: Hyperparameters | None = None) -> float:
    """Take all steps in both networks, and return the largest relative difference of all costs and parameters."""
    network = Network.from_hyperparameters(
        h, N_FEATURES, N_OUTPUTS, np.random.default_rng(1), dropout_rng=np.random.default_rng(2)
    )
    optimizer = make_optimizer(h, network.parameters, network.gradient)
    book = Textbook(book_h or h, network.layers, np.random.default_rng(2))
    start, rng, cost_differences = network.parameters.copy(), np.random.default_rng(3), []
    for _ in range(STEPS):
        inputs, targets = batch_of(h, rng)
        losses = network.loss.values(network.forward(inputs), targets)
        cost = (losses.sum() if h.reduction == "sum" else losses.mean()) + network.penalty()
        network.backward(targets)
        optimizer.step(learning_rate(h, 1))
        cost_differences.append(abs(book.step(inputs, targets, rates(book.h)[0]) / float(cost) - 1))
    assert np.linalg.norm(network.parameters - start) > 0.05 * np.linalg.norm(start)
    return float(np.max([*cost_differences, largest_difference(network.layers, book)]))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("loss", "output_activation"), LOSSES_WITH_OUTPUTS)
def test_every_activation_and_loss(activation: str, loss: str, output_activation: str) -> None:
    values = OPTIMIZERS["momentum"] | {"activation": activation, "loss": loss, "output_activation": output_activation}
    if loss == "squared_error":  # twice the gradient of "quadratic"
        values |= {"learning_rate": 0.025}
    assert train_both(make_hyperparameters(**values)) < TOLERANCE


@pytest.mark.parametrize("hidden_sizes", [(), (7,)], ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_at_every_depth(optimizer: str, hidden_sizes: tuple[int, ...]) -> None:
    assert (
        train_both(make_hyperparameters(**OPTIMIZERS[optimizer], hidden_sizes=hidden_sizes, activation="tanh"))
        < TOLERANCE
    )


@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_with_every_regularizer(optimizer: str, regularizer: dict[str, Any]) -> None:
    assert train_both(make_hyperparameters(**OPTIMIZERS[optimizer], **regularizer, activation="relu")) < TOLERANCE


@pytest.mark.parametrize("values", OTHER_CHOICES, ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_with_other_choices(optimizer: str, values: dict[str, Any]) -> None:
    rate = {"learning_rate": 0.01} if "reduction" in values else {}  # a summed cost has larger gradients
    assert (
        train_both(make_hyperparameters(**(OPTIMIZERS[optimizer] | values | rate), l2=0.1, activation="tanh"))
        < TOLERANCE
    )


@pytest.fixture(scope="module")
def images() -> Dataset:
    """Return a data set with five batches, so ten epochs are fifty steps. The last batch of an epoch is smaller."""
    return small_dataset(n_train=47, n_test=9)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_with_every_schedule_and_optimizer(images: Dataset, schedule: str, optimizer: str) -> None:
    """Train with `train`, which decides the order of the images, the batches and the learning rates."""
    values: dict[str, Any] = {"schedule": schedule, "epochs": 10, "batch_size": 10, "validation_fraction": 0}
    values |= OPTIMIZERS[optimizer] | SCHEDULED[schedule] | {"dtype": "float64", "activation": "tanh", "l2": 0.01}
    result, recording = record(images, hidden_sizes=(8,), **values)

    h = Hyperparameters(hidden_sizes=(8,), **values)
    streams = RandomStreams(h.seed)
    book = Textbook(h, Network.from_hyperparameters(h, 16, 3, streams.initialization).layers)
    for epoch, rate in enumerate(rates(h)):
        order = streams.order.permutation(47)
        batches = [order[start : start + 10] for start in range(0, 47, 10)]
        steps = [(images.train.inputs[rows] / 16, np.eye(3)[images.train.labels[rows]]) for rows in batches]
        costs = [book.step(inputs, targets, rate) * len(inputs) for inputs, targets in steps]
        assert result.history[epoch].learning_rate == pytest.approx(rate, rel=1e-14)
        assert result.history[epoch].train_cost == pytest.approx(sum(costs) / 47, rel=TOLERANCE)
        ours = Network.from_parameters(h, 16, 3, recording.weights[epoch])
        assert largest_difference(ours.layers, book) < TOLERANCE
    assert result.history[-1].gradient_evaluations == STEPS


@pytest.mark.parametrize(
    ("optimizer", "name"),
    [
        ("sgd", "learning_rate"),
        ("momentum", "momentum"),
        ("nesterov", "momentum"),
        ("rmsprop", "rho"),
        ("rmsprop", "epsilon"),
        ("adam", "beta_1"),
        ("adam", "beta_2"),
        ("adam", "epsilon"),
        ("sgd", "l1"),
        ("sgd", "l2"),
    ],
)
def test_a_relative_difference_of_1e_6_is_detected(optimizer: str, name: str) -> None:
    """A hyperparameter that differs by this fraction makes a difference that the tests above would detect."""
    h = make_hyperparameters(**OPTIMIZERS[optimizer], l1=0.01, l2=0.1, activation="tanh")
    other = h.model_copy(update={name: getattr(h, name) * (1 + 1e-6)})
    assert train_both(h, other) > TOLERANCE
