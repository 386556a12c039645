"""Remedies that change the inputs, the network or its regularization.

Each function yields remedies for a run, the best first. `remedies_for` drops those that are invalid or change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from nn.diagnosis.finding import Remedy
from nn.diagnosis.remedy_changes.situation import (
    Situation,
    has_large_weights,
    initialization,
    initialization_title,
    usual_rate,
)
from nn.hyperparameters.network import SQUARED_LOSSES

WIDTH = 64
LARGE_TARGETS = 3.0  # standard deviation


def scale_inputs(now: Situation) -> Iterable[Remedy]:
    """Yield scaled inputs."""
    h = now.h
    is_images = h.dataset_spec.kind == "images"
    scaling, label = ("unit", "Scale the pixels to 0…1") if is_images else ("standardize", "Standardize the inputs")
    companion: dict[str, object] = {}
    if now.data is not None and (now.data.target_std or 0.0) > LARGE_TARGETS:
        companion, companion_label = {"target_scaling": "standardize"}, "standardize the targets"
    elif has_large_weights(h):
        companion, companion_label = initialization(h), f"use {initialization_title(h)} initialization"
    elif h.optimizer == "sgd" and not usual_rate(h) / 4 <= h.learning_rate <= 3 * usual_rate(h):
        verb = "lower" if h.learning_rate > usual_rate(h) else "raise"  # a rate for raw inputs is too low afterwards
        companion = {"learning_rate": usual_rate(h)}
        companion_label = f"{verb} the learning rate to {usual_rate(h):g}"
    if companion:
        yield Remedy(f"{label}, and {companion_label}", {"input_scaling": scaling, **companion})
    yield Remedy(label, {"input_scaling": scaling})
    yield Remedy("Standardize the inputs", {"input_scaling": "standardize"})


def scale_targets(now: Situation) -> Iterable[Remedy]:
    """Yield scaled targets, together with scaled inputs if those are large."""
    if now.h.dataset_spec.task == "regression":
        both: dict[str, object] = {"target_scaling": "standardize", "input_scaling": "standardize"}
        if now.h.input_scaling != "standardize" and now.data and now.data.has_large_inputs:
            yield Remedy("Standardize the inputs and the targets", both)
        yield Remedy("Standardize the targets", {"target_scaling": "standardize"})


def initialize(now: Situation) -> Iterable[Remedy]:
    """Yield the initialization that suits the activation function."""
    yield Remedy(f"Use {initialization_title(now.h)} initialization", initialization(now.h))


def use_relu(now: Situation) -> Iterable[Remedy]:
    """Yield ReLU units with the initialization that suits them."""
    if now.h.hidden_sizes and now.h.activation not in ("relu", "leaky_relu"):
        changes = {"activation": "relu", "initializer": "he", "bias_initializer": "zeros", "use_bias": True}
        yield Remedy("Use ReLU with He initialization", changes)


def use_relu_for_linear(now: Situation) -> Iterable[Remedy]:
    """Yield ReLU units instead of linear units, of which several layers do no more than one."""
    if now.h.activation == "linear":
        yield from use_relu(now)


def use_relu_for_sigmoid(now: Situation) -> Iterable[Remedy]:
    """Yield ReLU units instead of sigmoid units, which learn slowly even with good initial weights."""
    if now.h.activation == "sigmoid":
        yield from use_relu(now)


def use_tanh(now: Situation) -> Iterable[Remedy]:
    """Yield tanh units with the initialization that suits them."""
    if now.h.hidden_sizes and now.h.activation == "sigmoid":
        changes = {"activation": "tanh", "initializer": "glorot", "bias_initializer": "zeros"}
        yield Remedy("Use tanh with Glorot initialization", changes)


def use_leaky_relu(now: Situation) -> Iterable[Remedy]:
    """Yield leaky ReLU units, which cannot die."""
    if now.h.hidden_sizes and now.h.activation == "relu":
        changes = {"activation": "leaky_relu", "initializer": "he", "bias_initializer": "zeros"}
        yield Remedy("Use leaky ReLU with He initialization", changes)


def fewer_layers(now: Situation) -> Iterable[Remedy]:
    """Yield a single hidden layer."""
    if len(now.h.hidden_sizes) > 1:
        yield Remedy("Use one hidden layer", {"hidden_sizes": (max(now.h.hidden_sizes),)})


def more_units(now: Situation) -> Iterable[Remedy]:
    """Yield more hidden units, or a hidden layer."""
    h = now.h
    if not h.hidden_sizes and h.dataset_spec.kind == "table":
        changes = {"hidden_sizes": (8,), "activation": "tanh", "initializer": "glorot", "use_bias": True}
        yield Remedy("Add a hidden layer of 8 tanh units", changes)
    elif not h.hidden_sizes:
        changes = {"hidden_sizes": (WIDTH,), "activation": "relu", "initializer": "he", "use_bias": True}
        yield Remedy(f"Add a hidden layer of {WIDTH} ReLU units", changes)
    elif h.activation == "linear":
        name = "tanh" if h.dataset_spec.kind == "table" else "relu"
        start = "glorot" if name == "tanh" else "he"
        yield Remedy(f"Use {name} units", {"activation": name, "initializer": start, "bias_initializer": "zeros"})
    else:
        width = max(WIDTH, 4 * max(h.hidden_sizes)) if h.dataset_spec.kind == "images" else 4 * max(h.hidden_sizes)
        if h.activation == "sigmoid" and h.dataset_spec.kind == "images":
            changes = {"hidden_sizes": (width,), "activation": "relu", "initializer": "he", "bias_initializer": "zeros"}
            yield Remedy(f"Use one hidden layer of {width} ReLU units", changes)
        elif len(h.hidden_sizes) > 1:
            yield Remedy(f"Use one hidden layer of {width} units", {"hidden_sizes": (width,)})
        else:
            yield Remedy(f"Use {width} hidden units", {"hidden_sizes": (width,)})


def use_biases(_now: Situation) -> Iterable[Remedy]:
    """Yield biases."""
    yield Remedy("Use biases", {"use_bias": True})


def use_cross_entropy(now: Situation) -> Iterable[Remedy]:
    """Yield the cross-entropy that suits the outputs."""
    h = now.h
    if h.loss not in SQUARED_LOSSES or h.dataset_spec.task == "regression":
        return
    loss = "binary_cross_entropy" if h.dataset_spec.n_outputs == 1 else "softmax_cross_entropy"
    changes: dict[str, object] = {"loss": loss}
    if h.optimizer == "sgd" and h.learning_rate > 0.5:
        changes["learning_rate"] = 0.5  # the gradient of a cross-entropy is several times that of a squared loss
    label = f"Use {'softmax' if h.dataset_spec.n_outputs > 1 else 'binary'} cross-entropy"
    if has_large_weights(h):
        both = {**changes, **initialization(h)}
        yield Remedy(f"{label} and {initialization_title(h)} initialization", both)
    yield Remedy(label, changes)


def less_regularization(now: Situation) -> Iterable[Remedy]:
    """Yield a weaker penalty or less dropout."""
    h = now.h
    changes: dict[str, object] = {}
    if h.l1 or h.l2:
        changes |= {"l1": 0.0, "l2": 0.0}
    if h.dropout_rate > 0.2:
        changes |= {"dropout_rate": 0.0}
    if changes and h.dropout_rate > 0.2 and (h.l1 or h.l2):
        yield Remedy("Remove the penalty and the dropout", changes)
    if h.l1 or h.l2:
        yield Remedy("Remove the weight penalty", {"l1": 0.0, "l2": 0.0})
        yield Remedy("Divide the weight penalty by 100", {"l1": h.l1 / 100, "l2": h.l2 / 100})
    if h.dropout_rate > 0.2:
        yield Remedy("Use no dropout", {"dropout_rate": 0.0})
        yield Remedy("Lower the dropout to 0.2", {"dropout_rate": 0.2})


def more_regularization(now: Situation) -> Iterable[Remedy]:
    """Yield more images or stronger regularization."""
    h = now.h
    if h.images_per_class:
        yield Remedy("Train on all images", {"images_per_class": 0})
    if h.held_out_fraction:
        yield Remedy("Stop early", {"early_stopping": True})
    if h.hidden_sizes:
        yield Remedy("Use a dropout of 0.3", {"dropout_rate": max(h.dropout_rate, 0.3)})
    yield Remedy("Use an L2 penalty of 0.001", {"l2": max(h.l2, 0.001)})
