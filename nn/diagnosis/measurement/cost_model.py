"""A model of the time that training and its measurements take, independent of the machine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import count_parameters

# Microseconds on an ordinary processor. Only their ratios matter, and a factor of two changes little.
CALL = 12.0  # of the NumPy calls for one layer in one direction
MULTIPLICATIONS = 20_000.0  # per microsecond
PARAMETER_VISITS = 1_000.0  # per microsecond: reads or writes of a vector
UNIT_VISITS = 400.0  # per microsecond: elementwise operations on activations


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
        """Return the costs of a run with `n_train` training examples, `n_scored` evaluated ones and `n_examples`."""
        sizes = [n_features, *h.hidden_sizes, n_outputs]
        n_layers, n_parameters, n_units = len(sizes) - 1, count_parameters(sizes), sum(sizes[1:])
        batch_size = h.batch_size_for(n_train)
        n_images = n_train * (batch_size if h.takes_windows else 1)
        forward = n_parameters / MULTIPLICATIONS + 2 * n_units / UNIT_VISITS  # of one image
        steps = n_train if h.takes_windows else math.ceil(n_train / batch_size)
        step = CALL * (2 * n_layers + 1) + 10 * n_parameters / PARAMETER_VISITS
        return cls(
            steps=steps,
            epoch=steps * step + n_images * 3 * forward + 10 * CALL + n_scored * forward,
            norms=CALL * (1 + n_layers) + 10 * n_parameters / PARAMETER_VISITS,
            examples=CALL * (4 + 5 * n_layers) + n_examples * (forward + 12 * n_units / UNIT_VISITS),
        )
