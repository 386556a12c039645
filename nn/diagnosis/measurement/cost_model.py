"""A model of the time that training and its measurements take, independent of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import count_parameters

# Microseconds, measured once on an ordinary processor. Only their ratios matter, and roughly.
EPOCH = 120.0  # of the events, the checkpoint and the metrics of an epoch
STEP, STEP_OF_LAYER = 11.0, 3.5
NORMS, NORMS_OF_LAYER = 35.0, 9.0
PASS, PASS_OF_LAYER = 40.0, 26.0
MULTIPLICATIONS = 65_000.0  # per microsecond
VISITS = 8_000.0  # of parameters per microsecond
UNIT_VISITS = 4_000.0  # of activations per microsecond
VISITS_OF_STEP = {"sgd": 5.0}  # of each parameter; other optimizers need more
VISITS_OF_OTHER_STEP = 11.0
VISITS_OF_NORMS = 10.0
EVALUATIONS_PER_SEARCH = 2  # gradients that an iteration of a line search takes, roughly


@dataclass(frozen=True, slots=True)
class RunCosts:
    """The modeled time of an epoch with its evaluation, of the norms of one moment, and of a pass over the examples.

    `steps` is the number of steps in an epoch.
    """

    steps: int
    epoch: float
    norms: float
    examples: float

    @classmethod
    def of_run(
        cls, h: Hyperparameters, *, n_features: int, n_outputs: int, n_train: int, n_scored: int, n_examples: int
    ) -> Self:
        """Return the costs of a run that trains on `n_train` and evaluates `n_scored` examples in each epoch.

        `n_examples` is the number of fixed examples.
        """
        sizes = [n_features, *h.hidden_sizes, n_outputs]
        n_layers, n_parameters, n_units = len(sizes) - 1, count_parameters(sizes), sum(sizes[1:])
        batch_size = h.batch_size_for(n_train)
        n_images = n_train * (batch_size if h.takes_windows else 1) * (EVALUATIONS_PER_SEARCH if h.searches else 1)
        steps = h.steps_per_epoch(n_train)
        product, units = n_parameters / MULTIPLICATIONS, n_units / UNIT_VISITS  # of one image in one direction
        visits = VISITS_OF_STEP.get(h.optimizer, VISITS_OF_OTHER_STEP)
        step = STEP + STEP_OF_LAYER * n_layers + visits * n_parameters / VISITS
        return cls(
            steps=steps,
            epoch=EPOCH + steps * step + n_images * (3 * product + 6 * units) + n_scored * (product + 4 * units),
            norms=NORMS + NORMS_OF_LAYER * n_layers + VISITS_OF_NORMS * n_parameters / VISITS,
            examples=PASS + PASS_OF_LAYER * n_layers + n_examples * (product + 10 * units),
        )
