"""Changes of hyperparameters, each with its label, from which remedies are chosen.

Each function yields remedies for a run, the best first. `remedies_for` drops those that are invalid or change nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from nn.diagnosis.finding import Remedy
from nn.diagnosis.start_profile import DataProfile
from nn.hyperparameters.fields import MAX_EPOCHS
from nn.hyperparameters.network import SQUARED_LOSSES
from nn.hyperparameters.schema import Hyperparameters

ADAM_RATE = 0.003
SGD_RATE = 0.1
WIDTH = 64
NEXT_LENGTH = 1.0  # learning rate times curvature: half of the length at which a step overshoots
LARGE_TARGETS = 3.0  # standard deviation
LARGE_WEIGHTS = 3.0  # relative to Glorot's initialization
FEW_STEPS = 300


@dataclass(frozen=True, slots=True)
class Situation:
    """The run that needs a remedy. `step_length` is the learning rate times the largest curvature, if known."""

    h: Hyperparameters
    data: DataProfile | None
    step_length: float | None


def rounded(value: float) -> float:
    """Return a positive number, rounded to one significant digit."""
    return float(f"{value:.0e}")


def _usual_rate(h: Hyperparameters) -> float:
    """Return a learning rate that suits most networks with scaled inputs and well-sized weights."""
    if h.optimizer != "sgd":
        return ADAM_RATE
    squared = 0.03 if h.output_activation == "linear" else 1.0
    rate = squared if h.loss in SQUARED_LOSSES else SGD_RATE
    return rate * (1 - h.momentum)


def _has_large_weights(h: Hyperparameters) -> bool:
    """Return True if the initial weights of a layer are much larger than Glorot's."""
    if h.initializer not in ("normal", "uniform"):
        return False
    deviation = h.initializer_scale / (1.0 if h.initializer == "normal" else math.sqrt(3))
    sizes = [h.n_features, *h.hidden_sizes, h.dataset_spec.n_outputs]
    return any(deviation > LARGE_WEIGHTS * math.sqrt(2 / (a + b)) for a, b in pairwise(sizes))


def _initialization(h: Hyperparameters) -> dict[str, object]:
    """Return the initialization that suits the activation function."""
    name = "he" if h.activation in ("relu", "leaky_relu") else "glorot"
    return {"initializer": name, "initializer_scale": 1.0, "bias_initializer": "zeros"}


def _set_rate(h: Hyperparameters, rate: float) -> Iterable[Remedy]:
    rate = rounded(min(max(rate, 1e-12), 1e3))
    if h.searches or rate == h.learning_rate:
        return
    verb = "Lower" if rate < h.learning_rate else "Raise"
    yield Remedy(f"{verb} the learning rate to {rate:g}", {"learning_rate": rate})


def _fitting_rate(now: Situation) -> float | None:
    """Return the learning rate that fits the curvature; None if it is unknown or the optimizer rescales its steps."""
    if now.h.optimizer != "sgd" or not now.step_length or not math.isfinite(now.step_length) or now.step_length < 0:
        return None
    return now.h.learning_rate * (1 - now.h.momentum) * NEXT_LENGTH / now.step_length


def lower_rate(now: Situation) -> Iterable[Remedy]:
    """Yield a lower learning rate, one that fits the curvature first."""
    h, fitting, usual = now.h, _fitting_rate(now), _usual_rate(now.h)
    if _has_large_weights(h) and not h.searches:
        rate = min(usual, h.learning_rate)
        changes = {**_initialization(h), "learning_rate": rate}
        yield Remedy(f"Use smaller initial weights and the learning rate {rate:g}", changes)
    if fitting is not None and fitting < h.learning_rate / 2:
        yield from _set_rate(h, fitting)
    elif h.learning_rate > 3 * usual and not now.step_length:
        yield from _set_rate(h, usual)
    yield from _set_rate(h, h.learning_rate / 10)
    yield from _set_rate(h, h.learning_rate / 100)


def raise_rate(now: Situation) -> Iterable[Remedy]:
    """Yield a higher learning rate that fits the curvature or the optimizer."""
    h, fitting = now.h, _fitting_rate(now)
    if fitting is not None and fitting > 2 * h.learning_rate:
        yield from _set_rate(h, fitting)
    elif h.optimizer != "sgd" and h.learning_rate < ADAM_RATE / 2:
        yield from _set_rate(h, ADAM_RATE)
    else:
        yield from _set_rate(h, h.learning_rate * 10)


def use_adam(now: Situation) -> Iterable[Remedy]:
    """Yield Adam with its usual learning rate."""
    changes = {"optimizer": "adam", "learning_rate": ADAM_RATE, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
    if now.h.optimizer != "adam" and not now.h.searches:
        yield Remedy(f"Use Adam with the learning rate {ADAM_RATE:g}", changes)


def use_momentum(now: Situation) -> Iterable[Remedy]:
    """Yield momentum."""
    if now.h.optimizer == "sgd" and now.h.momentum < 0.5:
        yield Remedy("Use a momentum of 0.9", {"momentum": 0.9})


def lower_momentum(now: Situation) -> Iterable[Remedy]:
    """Yield less momentum."""
    if now.h.optimizer == "sgd" and now.h.momentum > 0.9:
        yield Remedy("Lower the momentum to 0.9", {"momentum": 0.9})
        yield Remedy("Use no momentum", {"momentum": 0.0, "nesterov": False})


def scale_inputs(now: Situation) -> Iterable[Remedy]:
    """Yield scaled inputs."""
    h, scaling = now.h, "standardize"
    both: dict[str, object] = {}
    if h.dataset_spec.kind == "images":
        scaling = "unit"
    what = "Scale the pixels to 0…1" if scaling == "unit" else "Standardize the inputs"
    if now.data is not None and (now.data.target_std or 0.0) > LARGE_TARGETS:
        both, and_what = {"target_scaling": "standardize"}, "standardize the targets"
    elif _has_large_weights(h):
        both, and_what = _initialization(h), f"use {_initialization(h)['initializer']} initialization"
    elif h.optimizer == "sgd" and h.learning_rate > 3 * _usual_rate(h):
        both, and_what = {"learning_rate": _usual_rate(h)}, f"lower the learning rate to {_usual_rate(h):g}"
    if both:
        yield Remedy(f"{what}, and {and_what}", {"input_scaling": scaling, **both})
    yield Remedy(what, {"input_scaling": scaling})
    yield Remedy("Standardize the inputs", {"input_scaling": "standardize"})


def scale_targets(now: Situation) -> Iterable[Remedy]:
    """Yield scaled targets, together with scaled inputs if those are large."""
    if now.h.dataset_spec.task == "regression":
        both: dict[str, object] = {"target_scaling": "standardize", "input_scaling": "standardize"}
        if now.h.input_scaling != "standardize" and now.data and now.data.input_mean_square > 10:
            yield Remedy("Standardize the inputs and the targets", both)
        yield Remedy("Standardize the targets", {"target_scaling": "standardize"})


def initialize(now: Situation) -> Iterable[Remedy]:
    """Yield the initialization that suits the activation function."""
    changes = _initialization(now.h)
    yield Remedy(f"Use {str(changes['initializer']).capitalize()} initialization", changes)


def use_relu(now: Situation) -> Iterable[Remedy]:
    """Yield ReLU units with the initialization that suits them."""
    if now.h.hidden_sizes and now.h.activation not in ("relu", "leaky_relu"):
        changes = {"activation": "relu", "initializer": "he", "bias_initializer": "zeros", "use_bias": True}
        yield Remedy("Use ReLU with He initialization", changes)


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
    yield Remedy(f"Use {'softmax' if h.dataset_spec.n_outputs > 1 else 'binary'} cross-entropy", changes)


def mini_batches(now: Situation) -> Iterable[Remedy]:
    """Yield mini-batches instead of full batches."""
    h = now.h
    if h.searches or h.dataset_spec.kind != "images":
        return
    if h.batching == "full_batch":
        yield Remedy("Use mini-batches of 32 examples", {"batching": "mini_batch", "batch_size": 32})
    elif h.batch_size > 64:
        yield Remedy("Use batches of 32 examples", {"batch_size": 32})


def more_steps(now: Situation) -> Iterable[Remedy]:
    """Yield smaller batches if the whole run takes only a few steps."""
    h = now.h
    n_train = now.data.n_train if now.data else h.train_size
    if h.epochs * n_train / h.batch_size_for(n_train) < FEW_STEPS:
        yield from mini_batches(now)


def larger_batches(now: Situation) -> Iterable[Remedy]:
    """Yield batches of a usual size."""
    h = now.h
    if h.batching == "mini_batch" and h.batch_size < 32:
        yield Remedy("Use batches of 32 examples", {"batch_size": 32})


def train_longer(now: Situation) -> Iterable[Remedy]:
    """Yield more epochs."""
    h = now.h
    if h.early_stopping:
        yield Remedy("Switch early stopping off", {"early_stopping": False})
    for factor in (3, 10):
        epochs = min(h.epochs * factor, MAX_EPOCHS)
        yield Remedy(f"Train for {epochs:,} epochs", {"epochs": epochs, "early_stopping": False})


def constant_rate(now: Situation) -> Iterable[Remedy]:
    """Yield a learning rate that does not decay, or decays slowly."""
    yield Remedy("Keep the learning rate constant", {"schedule": "constant"})
    if now.h.schedule in ("exponential", "step"):
        yield Remedy("Let the learning rate decay slowly", {"decay_rate": 0.95})


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


def take_mean(now: Situation) -> Iterable[Remedy]:
    """Yield the mean over a batch, or a learning rate that suits the sum."""
    h = now.h
    n_train = now.data.n_train if now.data else h.train_size
    fitting = _fitting_rate(now)
    if fitting is not None and fitting * h.batch_size_for(n_train) > 10 * h.learning_rate:
        rate = rounded(fitting * h.batch_size_for(n_train))
        changes = {"reduction": "mean", "learning_rate": rate}
        yield Remedy(f"Average the losses of a batch, with the learning rate {rate:g}", changes)
    yield Remedy("Average the losses of a batch", {"reduction": "mean"})
    yield from _set_rate(h, h.learning_rate / max(h.batch_size_for(n_train), 2))


def default_constants(now: Situation) -> Iterable[Remedy]:
    """Yield the default constants of the optimizer."""
    h = now.h
    if h.optimizer == "adam":
        yield Remedy("Use Adam's default constants", {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8})
    if h.optimizer == "rmsprop":
        changes: dict[str, object] = {"rho": 0.9, "epsilon": 1e-8}
        yield Remedy("Use RMSProp's default constants", changes)
    yield from lower_momentum(now)
    yield from use_adam(now)


def shuffle(_now: Situation) -> Iterable[Remedy]:
    """Yield batches in random order."""
    yield Remedy("Draw the batches in random order", {"sampling": "without_replacement"})
    yield Remedy("Shuffle the training examples and their labels together before you store them")
