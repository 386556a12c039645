"""Remedies: changes of hyperparameters that may remove the cause of a finding, the best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nn.diagnosis.finding import Code, Remedy
from nn.diagnosis.remedy_changes.network import (
    fewer_layers,
    initialize,
    less_regularization,
    more_regularization,
    more_units,
    scale_inputs,
    scale_targets,
    use_biases,
    use_cross_entropy,
    use_leaky_relu,
    use_relu,
    use_relu_for_linear,
    use_relu_for_sigmoid,
    use_tanh,
)
from nn.diagnosis.remedy_changes.situation import Situation
from nn.diagnosis.remedy_changes.training import (
    constant_rate,
    default_constants,
    larger_batches,
    lower_momentum,
    lower_rate,
    mini_batches,
    more_steps,
    raise_rate,
    shuffle,
    take_mean,
    train_longer,
    use_adam,
    use_momentum,
)
from nn.diagnosis.start_profile import DataProfile
from nn.errors import HyperparameterError
from nn.hyperparameters.schema import Hyperparameters

_Remedies = Callable[[Situation], Iterable[Remedy]]


def remedies_for(
    code: Code, hyperparameters: Hyperparameters, data: DataProfile | None = None, step_length: float | None = None
) -> tuple[Remedy, ...]:
    """Return the remedies for a finding, the most promising first.

    Each change is valid for these hyperparameters and differs from their values. `step_length` is the learning rate
    times the largest curvature of the cost; with it, a new learning rate fits the curvature. A fault of the data has a
    remedy without changes, whose label explains what must change.
    """
    situation = Situation(hyperparameters, data, step_length)
    remedies: dict[str, Remedy] = {}
    for remedy in _REMEDIES[code](situation):
        changes = {name: new for name, new in remedy.changes.items() if getattr(hyperparameters, name) != new}
        if not remedy.changes or changes_run(hyperparameters, changes):
            remedies.setdefault(remedy.label, Remedy(remedy.label, changes))
    return tuple(remedies.values())


def changes_run(hyperparameters: Hyperparameters, changes: Mapping[str, object]) -> bool:
    """Return True if the changes are valid for `hyperparameters` and differ from them."""
    try:
        return hyperparameters.changed(changes) != hyperparameters
    except HyperparameterError:
        return False


def _data(label: str) -> _Remedies:
    def advise(_now: Situation) -> Iterable[Remedy]:
        yield Remedy(label)

    return advise


def _in_order(*sources: _Remedies) -> _Remedies:
    def chain(now: Situation) -> Iterable[Remedy]:
        for source in sources:
            yield from source(now)

    return chain


def _scale_large_inputs(now: Situation) -> Iterable[Remedy]:
    """Yield scaled inputs if the inputs are large."""
    if now.data is not None and now.data.has_large_inputs:
        yield from scale_inputs(now)


_UNSTABLE = _in_order(_scale_large_inputs, scale_targets, lower_momentum, lower_rate, initialize)
_STUCK = _in_order(_scale_large_inputs, use_relu, initialize, mini_batches, raise_rate, use_adam, train_longer)

_REMEDIES: dict[Code, _Remedies] = {
    "not_finite": _UNSTABLE,
    "diverging": _UNSTABLE,
    "learning_rate_too_high": _in_order(lower_rate, lower_momentum, _scale_large_inputs),
    "learning_rate_too_low": _in_order(more_steps, raise_rate, use_adam, use_momentum, mini_batches, train_longer),
    "vanishing_gradient": _in_order(use_relu, initialize, use_tanh, fewer_layers, use_adam),
    "exploding_gradient": _in_order(initialize, lower_rate, fewer_layers),
    "dead_units": _in_order(_scale_large_inputs, lower_rate, use_leaky_relu, initialize),
    "saturated_units": _in_order(_scale_large_inputs, use_relu_for_sigmoid, initialize, use_relu),
    "saturated_squared_loss": _in_order(use_cross_entropy, initialize),
    "initial_cost": _in_order(_scale_large_inputs, use_relu_for_sigmoid, initialize, use_relu),
    "input_ignored": _STUCK,
    "constant_prediction": _STUCK,
    "identical_units": _in_order(initialize),
    "input_scale": _in_order(scale_inputs),
    "target_scale": _in_order(scale_targets),
    "too_small": _in_order(use_relu_for_linear, more_units, use_biases),
    "overfitting": _in_order(more_regularization),
    "over_regularized": _in_order(less_regularization),
    "too_short": _in_order(more_steps, train_longer, raise_rate, use_adam, use_momentum, mini_batches),
    "oscillating": _in_order(lower_momentum, lower_rate, larger_batches),
    "labels_mismatched": _data("Load the data again: each label must belong to the image at the same index"),
    "labels_shifted": _data("Give the classes the same numbers in the training and the test labels"),
    "noisy_labels": _in_order(_data("Check the label suspects and correct their labels"), more_regularization),
    "sorted_batches": shuffle,
    "splits_differ": _data("Prepare the images of all splits in the same way"),
    "class_imbalance": _data("Add examples of the rare classes, or take fewer of the frequent ones"),
    "degenerate_features": _data(
        "Remove inputs that are constant or repeated, and test images that are also trained on"
    ),
    "learning_rate_decayed": constant_rate,
    "optimizer_constants": default_constants,
    "summed_cost": take_mean,
    "wrong_gradient": _data("Compare the gradient of each layer with central differences"),
}
