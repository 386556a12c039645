"""Healthy runs: configurations that learn well, although rules with fixed thresholds suspect many of them.

`floor` is the accuracy, or R² for a regression, below which a seed does not count as healthy. The notes name the
confounder: the ordinary property that looks like a symptom.
"""

from __future__ import annotations

from typing import Any

from benchmarks.doctor.cases.case import Case
from nn.presets.catalog import PRESETS

DIGITS: dict[str, Any] = {"dataset": "digits"}
MNIST: dict[str, Any] = {"dataset": "mnist", "images_per_class": 1000, "epochs": 10}
SGD: dict[str, Any] = {"optimizer": "sgd"}


def _preset(name: str, floor: float, changes: dict[str, Any] | None = None, n_seeds: int | None = None) -> Case:
    """Return the case of a preset, with `changes` that shorten its data."""
    values = PRESETS[name].hyperparameters.model_dump(exclude_defaults=True)
    return Case(f"preset {name}", "healthy", {**values, **(changes or {})}, floor=floor, n_seeds=n_seeds)


def _healthy(name: str, floor: float, note: str, **changes: Any) -> Case:
    return Case(name, "healthy", changes, floor=floor, source=note)


GOOD_PRESETS = (
    Case("defaults", "healthy", {}, floor=0.94),
    _preset("digits_quick", 0.94),
    _preset("digits_perceptron", 0.9),
    _preset("xor_gate", 1.0),
    _preset("squares_standardized", 0.9, n_seeds=1),
    _preset("two_layer_regression", 0.9),
    _preset("mnist_modern", 0.92, {"images_per_class": 1000, "batch_size": 32}),
    _preset("pitt_batches", 0.87, {"images_per_class": 1000, "batch_size": 100, "epochs": 20}),
    _preset("cs231n_two_layer", 0.88, {"images_per_class": 1000, "batch_size": 50}),
    _preset("exercise_5", 0.88),
    _preset("nielsen_chapter_1", 0.87, {"images_per_class": 1000, "epochs": 20}),
    _preset("digits_notebook", 0.85),
)

CONFOUNDERS = (
    _healthy("standardized digits", 0.94, "inputs outside [−1, 1]", **DIGITS, input_scaling="standardize"),
    _healthy("standardized MNIST", 0.9, "rare pixels above 10", **MNIST, input_scaling="standardize"),
    _healthy(
        "sigmoid and squared loss at rate 3",
        0.9,
        "a learning rate far above 0.01",
        **DIGITS,
        **SGD,
        activation="sigmoid",
        loss="quadratic",
        initializer="glorot",
        learning_rate=3.0,
        batch_size=10,
    ),
    _healthy(
        "mean squared error at rate 5",
        0.75,
        "the healthy control of D9",
        dataset="mnist",
        images_per_class=100,
        validation_fraction=0.0,
        hidden_sizes=(128,),
        activation="sigmoid",
        loss="mean_squared_error",
        initializer="glorot",
        **SGD,
        learning_rate=5.0,
        batching="full_batch",
        epochs=200,
    ),
    _healthy(
        "wide relu layers", 0.94, "most activations are 0", **DIGITS, hidden_sizes=(256, 256), learning_rate=0.001
    ),
    _healthy("four relu layers", 0.93, "depth", **DIGITS, hidden_sizes=(64,) * 4, learning_rate=0.001),
    _healthy(
        "exclusive or after a plateau",
        1.0,
        "a cost at ln 2 for hundreds of epochs",
        dataset="xor_gate",
        hidden_sizes=(4,),
        activation="tanh",
        initializer="normal",
        initializer_scale=0.1,
        loss="binary_cross_entropy",
        learning_rate=0.003,
        batching="full_batch",
        epochs=2000,
    ),
    _healthy(
        "dropout of one half",
        0.94,
        "training accuracy below validation accuracy",
        **DIGITS,
        hidden_sizes=(256,),
        dropout_rate=0.5,
    ),
    _healthy(
        "converged with L-BFGS",
        0.93,
        "jumps of the line search, then gradients near 0",
        **DIGITS,
        optimizer="lbfgs",
        batching="full_batch",
        l2=1e-4,
        epochs=100,
    ),
    _healthy("300 epochs", 0.94, "a cost near 0 in float32", **DIGITS, epochs=300),
    _healthy(
        "linear hidden units", 0.88, "no nonlinearity", **DIGITS, activation="linear", initializer="glorot", epochs=20
    ),
    _healthy("one image per step", 0.9, "noisy steps", **DIGITS, **SGD, batch_size=1, learning_rate=0.01, epochs=15),
    _healthy(
        "cosine schedule to 0",
        0.94,
        "a learning rate of 0 at the end",
        **DIGITS,
        schedule="cosine",
        final_learning_rate_fraction=0.0,
    ),
    _healthy(
        "momentum with Nesterov",
        0.94,
        "momentum",
        **DIGITS,
        **SGD,
        momentum=0.9,
        nesterov=True,
        learning_rate=0.05,
    ),
    _healthy(
        "tanh units",
        0.94,
        "saturation late in training",
        **DIGITS,
        hidden_sizes=(64, 64),
        activation="tanh",
        initializer="glorot",
        epochs=60,
    ),
    _healthy(
        "linear outputs at the edge of stability",
        0.88,
        "a step length just below 2",
        **DIGITS,
        **SGD,
        hidden_sizes=(),
        loss="quadratic",
        output_activation="linear",
        initializer="glorot",
        learning_rate=0.17,
        batching="full_batch",
        epochs=200,
    ),
    _healthy("a small L2 penalty", 0.94, "a penalty", **DIGITS, l2=1e-3),
    _healthy(
        "summed losses at a small rate",
        0.93,
        "a sum instead of a mean",
        **DIGITS,
        **SGD,
        reduction="sum",
        learning_rate=0.01,
    ),
    _healthy(
        "early stopping",
        0.92,
        "a run that ends before its last epoch",
        **DIGITS,
        early_stopping=True,
        patience=5,
        epochs=100,
    ),
    _healthy("leaky relu units", 0.94, "another slope", **DIGITS, activation="leaky_relu"),
    _healthy("sgd at rate 0.1", 0.93, "rates above 0.01", **DIGITS, **SGD, learning_rate=0.1),
    _healthy("rmsprop", 0.93, "steps of fixed size", **DIGITS, optimizer="rmsprop", learning_rate=0.001),
    _healthy("normal weights with Adam", 0.85, "a high first cost", **DIGITS, initializer="normal", epochs=60),
    _healthy("new writers", 0.85, "test images differ a little", dataset="digits_in_order"),
    _healthy("a part of MNIST", 0.92, "constant border pixels", **MNIST),
    _healthy("MNIST cropped", 0.92, "other image size", **MNIST, crop="center_20"),
)

HEALTHY_RUNS: tuple[Case, ...] = (*GOOD_PRESETS, *CONFOUNDERS)
