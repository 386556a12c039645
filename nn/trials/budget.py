"""The length of a trial: how many epochs it takes, and on how many training examples.

Both follow from a cost model and not from a clock, so that a trial gives the same result on a busy machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from nn.diagnosis.measurement.cost_model import EVALUATIONS_PER_SEARCH
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import count_parameters

SECONDS_PER_TRIAL = 0.2  # of the cost model; it overestimates the time on a processor of 2020 by a factor of about 2
SECONDS_PER_LARGE_TRIAL = 0.8
LARGE_DATASET = 500_000  # stored values
MAX_EPOCHS = 1000  # of a trial
MIN_EPOCHS = 3
MIN_STEPS = 200
MIN_EXAMPLES = 500

# The cost model, in seconds: of a step, of a layer in a step, of an optimizer's work on one parameter in a step, and of
# the forward and backward pass of one example through one weight.
SECONDS_PER_STEP = 25e-6
SECONDS_PER_LAYER = 12e-6
SECONDS_PER_UPDATE = {"adam": 1.2e-9, "rmsprop": 0.8e-9}
SECONDS_PER_PLAIN_UPDATE = 0.5e-9
SECONDS_PER_WEIGHT = 0.1e-9
SECONDS_PER_EPOCH = 100e-6


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """The number of epochs of the unchanged run and its number of training examples.

    `seconds` is the most that one trial may cost, according to the cost model.
    """

    epochs: int
    train_size: int
    seconds: float

    def epochs_of(self, hyperparameters: Hyperparameters, longest: int, n_scored: int) -> int:
        """Return the number of epochs, at most `longest`, of a trial with other hyperparameters."""
        cost = seconds_per_epoch(hyperparameters, self.train_size, n_scored)
        return max(1, min(longest, hyperparameters.epochs, int(self.seconds / cost)))


def plan_trials(h: Hyperparameters, n_examples: int, n_scored: int, epochs: int | None = None) -> TrialPlan:
    """Return the plan of the trials of a run with `n_examples` training examples.

    If all examples are too many for MIN_EPOCHS epochs and MIN_STEPS steps, the trials use half of them, a quarter, and
    so on. `epochs` sets the number of epochs, but not beyond those of the run.
    """
    seconds = SECONDS_PER_LARGE_TRIAL if n_examples * h.n_features > LARGE_DATASET else SECONDS_PER_TRIAL
    longest = min(h.epochs, MAX_EPOCHS)
    wanted = longest if epochs is None else min(epochs, longest)
    train_size = n_examples
    while True:
        affordable = int(seconds / seconds_per_epoch(h, train_size, n_scored))
        enough = max(MIN_EPOCHS, math.ceil(MIN_STEPS / h.steps_per_epoch(train_size))) if epochs is None else wanted
        if affordable >= min(wanted, enough) or train_size // 2 < MIN_EXAMPLES or _sums_all(h, train_size // 2):
            break
        train_size //= 2
    return TrialPlan(wanted if epochs else max(1, min(wanted, affordable)), train_size, seconds)


def affordable_examples(h: Hyperparameters, plan: TrialPlan, n_examples: int, n_scored: int) -> int:
    """Return how many of `n_examples` training examples a trial with `h` can use for all epochs of the plan."""
    train_size = n_examples
    while train_size // 2 >= MIN_EXAMPLES and seconds_per_epoch(h, train_size, n_scored) * plan.epochs > plan.seconds:
        train_size //= 2
    return train_size


def seconds_per_epoch(h: Hyperparameters, train_size: int, n_scored: int) -> float:
    """Return the cost of training on `train_size` examples and of evaluating `n_scored` examples."""
    sizes = (h.n_features, *h.hidden_sizes, h.dataset_spec.n_outputs)
    n_weights = count_parameters(sizes) * (2 if h.dtype == "float64" else 1)
    steps = h.steps_per_epoch(train_size)
    n_images = train_size * (h.batch_size_for(train_size) if h.takes_windows else 1)
    update = SECONDS_PER_UPDATE.get(h.optimizer, SECONDS_PER_PLAIN_UPDATE)
    training = steps * (SECONDS_PER_STEP + SECONDS_PER_LAYER * (len(sizes) - 1) + update * n_weights)
    training += n_images * n_weights * SECONDS_PER_WEIGHT
    scoring = n_scored * n_weights * SECONDS_PER_WEIGHT / 3
    return training * (EVALUATIONS_PER_SEARCH if h.searches else 1) + scoring + SECONDS_PER_EPOCH


def _sums_all(h: Hyperparameters, train_size: int) -> bool:
    """Return True if the sum of a batch's losses, and so the length of a step, would change with `train_size`."""
    return h.reduction == "sum" and (h.batching == "full_batch" or h.batch_size > train_size)
