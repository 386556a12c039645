"""The run that needs a remedy, and usual values for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from nn.diagnosis.start_profile import DataProfile
from nn.hyperparameters.network import SQUARED_LOSSES
from nn.hyperparameters.schema import Hyperparameters

ADAM_RATE = 0.003
SGD_RATE = 0.1
NEXT_LENGTH = 1.0  # learning rate times curvature: half of the length at which a step overshoots
LARGE_WEIGHTS = 3.0  # relative to Glorot's initialization
FEW_EXAMPLES = 8  # in a batch


@dataclass(frozen=True, slots=True)
class Situation:
    """The run that needs a remedy. `step_length` is the learning rate times the largest curvature, if known."""

    h: Hyperparameters
    data: DataProfile | None
    step_length: float | None


def rounded(value: float) -> float:
    """Return a positive number, rounded to one significant digit."""
    return float(f"{value:.0e}")


def usual_rate(h: Hyperparameters) -> float:
    """Return a learning rate that suits most networks with scaled inputs and well-sized weights."""
    if h.optimizer != "sgd":
        return ADAM_RATE
    squared = 0.01 if h.output_activation == "linear" else 1.0
    rate = squared if h.loss in SQUARED_LOSSES else SGD_RATE
    return rate * (1 - h.momentum)


def has_large_weights(h: Hyperparameters) -> bool:
    """Return True if the initial weights of a layer are much larger than Glorot's."""
    if h.initializer not in ("normal", "uniform"):
        return False
    deviation = h.initializer_scale / (1.0 if h.initializer == "normal" else math.sqrt(3))
    sizes = [h.n_features, *h.hidden_sizes, h.dataset_spec.n_outputs]
    return any(deviation > LARGE_WEIGHTS * math.sqrt(2 / (a + b)) for a, b in pairwise(sizes))


def initialization(h: Hyperparameters) -> dict[str, object]:
    """Return the initialization that suits the activation function."""
    name = "he" if h.activation in ("relu", "leaky_relu") else "glorot"
    return {"initializer": name, "initializer_scale": 1.0, "bias_initializer": "zeros"}


def initialization_title(h: Hyperparameters) -> str:
    """Return the name of this initialization."""
    return str(initialization(h)["initializer"]).capitalize()


def fitting_rate(now: Situation) -> float | None:
    """Return the learning rate that fits the curvature; None if it is unknown or the optimizer rescales its steps."""
    if now.h.optimizer != "sgd" or not now.step_length or not math.isfinite(now.step_length) or now.step_length < 0:
        return None
    n_train = now.data.n_train if now.data else now.h.train_size
    noise = 0.3 if now.h.batch_size_for(n_train) < FEW_EXAMPLES else 1.0  # single examples have larger curvatures
    return now.h.learning_rate * (1 - now.h.momentum) * noise * NEXT_LENGTH / now.step_length
