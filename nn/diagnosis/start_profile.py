"""A configuration before its first step: its data, its initial network and its step length."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from nn.diagnosis.telemetry import Telemetry

LARGE_MEAN_SQUARE = 10.0  # of inputs; the usual scalings give at most about 1


@dataclass(frozen=True, slots=True, eq=False)
class DataProfile:
    """Facts about the examples of a run, as the network gets them.

    `class_counts` (n_classes,) are the numbers of training examples; empty for a regression. `input_mean_square` is the
    mean of x² over the inputs that vary, `largest_input` the largest |x|, and `n_constant_inputs` the number of inputs
    that do not vary. `n_duplicate_inputs` is the number of inputs that equal another input that varies.

    `neighbor_agreement` is the fraction of examples whose nearest neighbor has the same label, and `chance_agreement`
    the fraction that random labels would give. `test_neighbor_agreement` is the fraction of test examples with the same
    label as their nearest training example. `shared_examples` is the fraction of test examples that are identical to a
    training example. They are None without enough examples with labels.

    `batch_entropy` is the mean entropy of the labels in the mini-batches of the first epoch divided by the entropy that
    random batches of this size would have; None for a regression or batches of one example.

    `test_shift` and `validation_shift` are the differences of the mean input from that of the training split, in
    training standard deviations of the images' mean; `test_spread` and `validation_spread` are the ratios of the median
    standard deviation of an image's inputs to that of the training split. They are None without such a split.

    `largest_correlation` is the largest magnitude of the correlation of an input with a target output, over all
    training examples; None if there are too many to examine all of them.

    `target_mean` and `target_std` are the largest magnitude of the mean and the largest standard deviation over the
    targets of a regression, after target scaling; otherwise None.
    """

    n_train: int
    n_validation: int
    n_test: int
    n_inputs: int
    class_counts: tuple[int, ...]
    input_mean_square: float
    largest_input: float
    n_constant_inputs: int
    n_duplicate_inputs: int
    neighbor_agreement: float | None = None
    chance_agreement: float | None = None
    test_neighbor_agreement: float | None = None
    shared_examples: float | None = None
    batch_entropy: float | None = None
    validation_shift: float | None = None
    validation_spread: float | None = None
    test_shift: float | None = None
    test_spread: float | None = None
    largest_correlation: float | None = None
    target_mean: float | None = None
    target_std: float | None = None

    @property
    def has_large_inputs(self) -> bool:
        """True if the inputs are so large that they should be scaled."""
        return self.input_mean_square > LARGE_MEAN_SQUARE

    def with_batch_entropy(self, batch_entropy: float | None) -> Self:
        """Return this profile with another `batch_entropy`."""
        return replace(self, batch_entropy=batch_entropy)


@dataclass(frozen=True, slots=True, eq=False)
class StartProfile:
    """A configuration before its first step.

    `telemetry` has `step` 0. It is measured on the fixed examples of the run's telemetry or, for a large network, on
    the first of them; its gradient is that of all measured examples. `ignored_cost` is the mean loss of a network that
    ignores its inputs. `step_length` is the learning rate times the largest curvature λ_max of the cost; a plain
    gradient step overshoots if it exceeds 2. It is None if a line search chooses the step lengths, if λ_max is not
    finite, or if the network is too large for this computation. `step_limit` is the largest stable step length; None if
    the optimizer scales each gradient, so that the length has no such limit. For these optimizers, `first_update_ratio`
    is the largest ratio, over the layers, of the norm of the first step to that of the weights; weights that are
    smaller than Glorot's count as Glorot's.

    `n_examples` is the number of training examples on which the network was measured, and `n_curvature_examples` the
    number of those that λ_max was computed from.
    """

    telemetry: Telemetry
    ignored_cost: float
    data: DataProfile
    step_length: float | None
    step_limit: float | None = None
    first_update_ratio: float | None = None
    n_examples: int = 0
    n_curvature_examples: int = 0
