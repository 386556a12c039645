"""Remedies: changes of hyperparameters that may remove the cause of a finding, the best first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nn.diagnosis.finding import Code, Remedy
from nn.diagnosis.start_profile import DataProfile
from nn.errors import HyperparameterError
from nn.hyperparameters.fields import MAX_EPOCHS
from nn.hyperparameters.network import SQUARED_LOSSES
from nn.hyperparameters.schema import Hyperparameters

ADAM_RATE = 0.003
SGD_RATE = 0.1
WIDTH = 64
NEXT_LENGTH = 0.5  # learning rate times curvature: a quarter of the length at which a step overshoots


@dataclass(frozen=True, slots=True)
class _Situation:
    """The run that needs a remedy. `step_length` is the learning rate times the largest curvature, if known."""

    h: Hyperparameters
    data: DataProfile | None
    step_length: float | None


_Remedies = Callable[[_Situation], Iterable[Remedy]]


def remedies_for(
    code: Code, hyperparameters: Hyperparameters, data: DataProfile | None = None, step_length: float | None = None
) -> tuple[Remedy, ...]:
    """Return the remedies for a finding, the most promising first.

    Each change is valid for these hyperparameters and differs from their values. `step_length` is the learning rate
    times the largest curvature of the cost; with it, a new learning rate fits the curvature. A fault of the data has a
    remedy without changes, whose label explains what must change.
    """
    situation = _Situation(hyperparameters, data, step_length)
    remedies: dict[str, Remedy] = {}
    for remedy in _REMEDIES[code](situation):
        changes = {name: new for name, new in remedy.changes.items() if getattr(hyperparameters, name) != new}
        if not remedy.changes or (changes and _is_valid(hyperparameters, changes)):
            remedies.setdefault(remedy.label, Remedy(remedy.label, changes))
    return tuple(remedies.values())


def _is_valid(hyperparameters: Hyperparameters, changes: dict[str, object]) -> bool:
    try:
        hyperparameters.changed(changes)
    except HyperparameterError:
        return False
    return True


def rounded(value: float) -> float:
    """Return a positive number, rounded to one significant digit."""
    return float(f"{value:.0e}")


def _set_rate(h: Hyperparameters, rate: float) -> Iterable[Remedy]:
    rate = rounded(min(max(rate, 1e-12), 1e3))
    if h.searches or rate == h.learning_rate:
        return
    verb = "Lower" if rate < h.learning_rate else "Raise"
    yield Remedy(f"{verb} the learning rate to {rate:g}", {"learning_rate": rate})


def _fitting_rate(now: _Situation) -> float | None:
    """Return the learning rate that fits the curvature; None if it is unknown or the optimizer rescales its steps."""
    if now.h.optimizer != "sgd" or not now.step_length or not math.isfinite(now.step_length) or now.step_length < 0:
        return None
    return now.h.learning_rate * (1 - now.h.momentum) * NEXT_LENGTH / now.step_length


def _lower_rate(now: _Situation) -> Iterable[Remedy]:
    h, fitting = now.h, _fitting_rate(now)
    usual = ADAM_RATE if h.optimizer != "sgd" else SGD_RATE * (1 - h.momentum)
    if fitting is not None and fitting < h.learning_rate / 2:
        yield from _set_rate(h, fitting)
    elif h.learning_rate > 3 * usual and not now.step_length:
        yield from _set_rate(h, usual)
    yield from _set_rate(h, h.learning_rate / 10)
    yield from _set_rate(h, h.learning_rate / 100)


def _raise_rate(now: _Situation) -> Iterable[Remedy]:
    h, fitting = now.h, _fitting_rate(now)
    if fitting is not None and fitting > 2 * h.learning_rate:
        yield from _set_rate(h, fitting)
    elif h.optimizer != "sgd" and h.learning_rate < ADAM_RATE / 2:
        yield from _set_rate(h, ADAM_RATE)
    else:
        yield from _set_rate(h, h.learning_rate * 10)


def _use_adam(now: _Situation) -> Iterable[Remedy]:
    changes = {"optimizer": "adam", "learning_rate": ADAM_RATE, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
    if now.h.optimizer != "adam" and not now.h.searches:
        yield Remedy(f"Use Adam with the learning rate {ADAM_RATE:g}", changes)


def _use_momentum(now: _Situation) -> Iterable[Remedy]:
    if now.h.optimizer == "sgd" and now.h.momentum < 0.5:
        yield Remedy("Use a momentum of 0.9", {"momentum": 0.9})


def _lower_momentum(now: _Situation) -> Iterable[Remedy]:
    if now.h.optimizer == "sgd" and now.h.momentum > 0.9:
        yield Remedy("Lower the momentum to 0.9", {"momentum": 0.9})
        yield Remedy("Use no momentum", {"momentum": 0.0, "nesterov": False})


def _scale_inputs(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if h.dataset_spec.kind == "images":
        yield Remedy("Scale the pixels to 0…1", {"input_scaling": "unit"})
    yield Remedy("Standardize the inputs", {"input_scaling": "standardize"})


def _scale_targets(now: _Situation) -> Iterable[Remedy]:
    if now.h.dataset_spec.task == "regression":
        both: dict[str, object] = {"target_scaling": "standardize", "input_scaling": "standardize"}
        if now.h.input_scaling != "standardize" and now.data and now.data.input_mean_square > 10:
            yield Remedy("Standardize the inputs and the targets", both)
        yield Remedy("Standardize the targets", {"target_scaling": "standardize"})


def _initialize(now: _Situation) -> Iterable[Remedy]:
    """Initialize the weights as the activation function needs it."""
    changes = {"initializer_scale": 1.0, "bias_initializer": "zeros"}
    if now.h.activation in ("relu", "leaky_relu"):
        yield Remedy("Use He initialization", {"initializer": "he", **changes})
    else:
        yield Remedy("Use Glorot initialization", {"initializer": "glorot", **changes})


def _use_relu(now: _Situation) -> Iterable[Remedy]:
    if now.h.hidden_sizes and now.h.activation not in ("relu", "leaky_relu"):
        changes = {"activation": "relu", "initializer": "he", "bias_initializer": "zeros", "use_bias": True}
        yield Remedy("Use ReLU with He initialization", changes)


def _use_tanh(now: _Situation) -> Iterable[Remedy]:
    if now.h.hidden_sizes and now.h.activation == "sigmoid":
        changes = {"activation": "tanh", "initializer": "glorot", "bias_initializer": "zeros"}
        yield Remedy("Use tanh with Glorot initialization", changes)


def _use_leaky_relu(now: _Situation) -> Iterable[Remedy]:
    if now.h.hidden_sizes and now.h.activation == "relu":
        changes = {"activation": "leaky_relu", "initializer": "he", "bias_initializer": "zeros"}
        yield Remedy("Use leaky ReLU with He initialization", changes)


def _fewer_layers(now: _Situation) -> Iterable[Remedy]:
    if len(now.h.hidden_sizes) > 1:
        yield Remedy("Use one hidden layer", {"hidden_sizes": (max(now.h.hidden_sizes),)})


def _more_units(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if not h.hidden_sizes and h.dataset_spec.kind == "table":
        changes = {"hidden_sizes": (8,), "activation": "tanh", "initializer": "glorot", "use_bias": True}
        yield Remedy("Add a hidden layer of 8 tanh units", changes)
    elif not h.hidden_sizes:
        changes = {"hidden_sizes": (WIDTH,), "activation": "relu", "initializer": "he", "use_bias": True}
        yield Remedy(f"Add a hidden layer of {WIDTH} ReLU units", changes)
    else:
        width = max(WIDTH, 4 * max(h.hidden_sizes)) if h.dataset_spec.kind == "images" else 4 * max(h.hidden_sizes)
        if len(h.hidden_sizes) > 1:
            yield Remedy(f"Use one hidden layer of {width} units", {"hidden_sizes": (width,)})
        else:
            yield Remedy(f"Use {width} hidden units", {"hidden_sizes": (width,)})


def _use_biases(_now: _Situation) -> Iterable[Remedy]:
    yield Remedy("Use biases", {"use_bias": True})


def _use_cross_entropy(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if h.loss not in SQUARED_LOSSES or h.dataset_spec.task == "regression":
        return
    loss = "binary_cross_entropy" if h.dataset_spec.n_outputs == 1 else "softmax_cross_entropy"
    changes: dict[str, object] = {"loss": loss}
    if h.optimizer == "sgd" and h.learning_rate > 0.5:
        changes["learning_rate"] = 0.5  # the gradient of a cross-entropy is several times that of a squared loss
    yield Remedy(f"Use {'softmax' if h.dataset_spec.n_outputs > 1 else 'binary'} cross-entropy", changes)


def _mini_batches(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if h.batching == "full_batch" and not h.searches and h.dataset_spec.kind == "images":
        yield Remedy("Use mini-batches of 32 examples", {"batching": "mini_batch", "batch_size": 32})


def _larger_batches(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if h.batching == "mini_batch" and h.batch_size < 32:
        yield Remedy("Use batches of 32 examples", {"batch_size": 32})


def _train_longer(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if h.early_stopping:
        yield Remedy("Switch early stopping off", {"early_stopping": False})
    for factor in (3, 10):
        epochs = min(h.epochs * factor, MAX_EPOCHS)
        yield Remedy(f"Train for {epochs:,} epochs", {"epochs": epochs, "early_stopping": False})


def _constant_rate(now: _Situation) -> Iterable[Remedy]:
    yield Remedy("Keep the learning rate constant", {"schedule": "constant"})
    if now.h.schedule in ("exponential", "step"):
        yield Remedy("Let the learning rate decay slowly", {"decay_rate": 0.95})


def _less_regularization(now: _Situation) -> Iterable[Remedy]:
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


def _more_regularization(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if h.images_per_class:
        yield Remedy("Train on all images", {"images_per_class": 0})
    if h.held_out_fraction:
        yield Remedy("Stop early", {"early_stopping": True})
    if h.hidden_sizes:
        yield Remedy("Use a dropout of 0.3", {"dropout_rate": max(h.dropout_rate, 0.3)})
    yield Remedy("Use an L2 penalty of 0.001", {"l2": max(h.l2, 0.001)})


def _take_mean(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    yield Remedy("Average the losses of a batch", {"reduction": "mean"})
    n_train = now.data.n_train if now.data else h.train_size
    yield from _set_rate(h, h.learning_rate / max(h.batch_size_for(n_train), 2))


def _default_constants(now: _Situation) -> Iterable[Remedy]:
    h = now.h
    if h.optimizer == "adam":
        yield Remedy("Use Adam's default constants", {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8})
    if h.optimizer == "rmsprop":
        changes: dict[str, object] = {"rho": 0.9, "epsilon": 1e-8}
        yield Remedy("Use RMSProp's default constants", changes)
    yield from _lower_momentum(now)
    yield from _use_adam(now)


def _shuffle(_now: _Situation) -> Iterable[Remedy]:
    yield Remedy("Draw the batches in random order", {"sampling": "without_replacement"})
    yield Remedy("Shuffle the training examples and their labels together before you store them")


def _data(label: str) -> _Remedies:
    def advise(_now: _Situation) -> Iterable[Remedy]:
        yield Remedy(label)

    return advise


def _in_order(*sources: _Remedies) -> _Remedies:
    def chain(now: _Situation) -> Iterable[Remedy]:
        for source in sources:
            yield from source(now)

    return chain


_UNSCALED = 10.0


def _scale_first(*sources: _Remedies) -> _Remedies:
    """Propose to scale the inputs before the other remedies if the inputs are large."""

    def chain(now: _Situation) -> Iterable[Remedy]:
        if now.data is not None and now.data.input_mean_square > _UNSCALED:
            yield from _scale_inputs(now)
        for source in sources:
            yield from source(now)

    return chain


_UNSTABLE = _scale_first(_scale_targets, _lower_momentum, _lower_rate, _initialize)
_STUCK = _scale_first(_use_relu, _initialize, _mini_batches, _raise_rate, _use_adam, _train_longer)

_REMEDIES: dict[Code, _Remedies] = {
    "not_finite": _UNSTABLE,
    "diverging": _UNSTABLE,
    "learning_rate_too_high": _in_order(_lower_rate, _lower_momentum, _scale_first()),
    "learning_rate_too_low": _in_order(_raise_rate, _use_adam, _use_momentum, _mini_batches, _train_longer),
    "vanishing_gradient": _in_order(_use_relu, _initialize, _use_tanh, _fewer_layers, _use_adam),
    "exploding_gradient": _in_order(_initialize, _lower_rate, _fewer_layers),
    "dead_units": _scale_first(_lower_rate, _use_leaky_relu, _initialize),
    "saturated_units": _scale_first(_initialize, _use_relu),
    "saturated_squared_loss": _in_order(_use_cross_entropy, _initialize),
    "initial_cost": _scale_first(_initialize, _use_relu),
    "input_ignored": _STUCK,
    "constant_prediction": _STUCK,
    "identical_units": _in_order(_initialize),
    "input_scale": _in_order(_scale_inputs),
    "target_scale": _in_order(_scale_targets),
    "too_small": _in_order(_more_units, _use_biases),
    "overfitting": _in_order(_more_regularization),
    "over_regularized": _in_order(_less_regularization),
    "too_short": _in_order(_train_longer, _raise_rate, _use_adam, _use_momentum, _mini_batches),
    "oscillating": _in_order(_lower_momentum, _lower_rate, _larger_batches),
    "labels_mismatched": _data("Load the data again: each label must belong to the image at the same index"),
    "labels_shifted": _data("Give the classes the same numbers in the training and the test labels"),
    "noisy_labels": _in_order(_data("Check the label suspects and correct their labels"), _more_regularization),
    "sorted_batches": _shuffle,
    "splits_differ": _data("Prepare the images of all splits in the same way"),
    "class_imbalance": _data("Add examples of the rare classes, or take fewer of the frequent ones"),
    "degenerate_features": _data(
        "Remove inputs that are constant or repeated, and test images that are also trained on"
    ),
    "learning_rate_decayed": _constant_rate,
    "optimizer_constants": _default_constants,
    "summed_cost": _take_mean,
    "wrong_gradient": _data("Compare the gradient of each layer with central differences"),
}
