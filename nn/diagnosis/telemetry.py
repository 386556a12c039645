"""Measurements inside the network, for each layer, at some moments of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerTelemetry:
    """The measurements of one dense layer.

    `gradient_norm`, `weight_norm` and `update_norm` are Euclidean norms over the weights and biases of the layer, and
    `n_parameters` is their number. The gradient is that of one mini-batch and includes the weight penalty.
    `update_norm` is the norm of the last step, and `update_ratio` is `update_norm` divided by `weight_norm`.
    `update_cosine` is the cosine between the last step and the step before it. `penalty_ratio` is the norm of the
    penalty's gradient divided by the norm of the loss's gradient; 0 without a penalty.

    The other fields come from a forward pass over the fixed training examples of the telemetry, without dropout; they
    are None at a moment without this pass. `sum_mean` and `sum_std` are the mean and standard deviation of the
    pre-activations, `activation_mean` and `activation_std` those of the activations, over units and examples.
    `saturated_fraction` is the fraction of activations with a derivative below a tenth of the largest possible one; it
    is 0 for units that do not saturate. `derivative_mean` is the mean derivative of the activation function, divided by
    its largest value. `dead_fraction` is the fraction of relu units with the output 0 for every example, and
    `identical_fraction` the fraction of units with the same weights as another unit of the layer. The activations of
    the output layer are its outputs with a squared loss, and its logits with a cross-entropy.
    """

    n_units: int
    n_parameters: int
    gradient_norm: float
    weight_norm: float
    update_norm: float | None = None
    update_ratio: float | None = None
    update_cosine: float | None = None
    penalty_ratio: float = 0.0
    sum_mean: float | None = None
    sum_std: float | None = None
    activation_mean: float | None = None
    activation_std: float | None = None
    saturated_fraction: float | None = None
    derivative_mean: float | None = None
    dead_fraction: float | None = None
    identical_fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The measurements of all layers, from input to output, at one moment of a run.

    `epoch` is the number of completed epochs. In the first epoch, some steps are measured as well: `epoch` is then 0,
    and `step` is the number of steps taken so far. After a completed epoch, `step` is None.

    `cost` and `accuracy` are the mean loss and the accuracy over the fixed training examples, without dropout and
    penalty. `predicted_counts` (n_classes,) counts the predicted classes of these examples. A regression has neither
    accuracy nor counts. `output_std` is the standard deviation of the outputs over the examples, averaged over the
    outputs, and `output_mean` is the mean magnitude of the outputs; with a cross-entropy, these outputs are the
    probabilities. `lost_gradient` is 1 − ‖(a − y) σ′‖ / ‖a − y‖ over the misclassified examples of a squared loss with
    a sigmoid output, otherwise None. All of these are None at a moment without a forward pass over the examples.

    `first_cost` is the mean loss before the first step, without penalty, over the same examples. `expected_first_cost`
    is the exact level that small random weights give (see `nn.diagnosis.cost_levels`).
    """

    epoch: int
    layers: tuple[LayerTelemetry, ...]
    first_cost: float
    expected_first_cost: float
    step: int | None = None
    cost: float | None = None
    accuracy: float | None = None
    predicted_counts: tuple[int, ...] | None = None
    output_mean: float | None = None
    output_std: float | None = None
    lost_gradient: float | None = None
