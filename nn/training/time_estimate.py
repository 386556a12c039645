"""Estimate of the duration of an epoch, from the measured time of a few steps on this machine."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import median
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from nn.diagnosis.measurement.cost_model import EVALUATIONS_PER_SEARCH
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import MAX_ROWS, Network, count_parameters
from nn.training.optimizers import make_optimizer

MAX_MEASURED_PARAMETERS = 2_000_000  # a larger network is measured at a smaller size
MEASURED_SECONDS = 0.02  # of each kind of work, without the first call
SCORED_ROWS = 256  # examples in the measured forward pass of an evaluation
TINY_STEP = 1e-9  # steps of the measured network; larger ones could make its numbers infinite


def estimate_seconds_per_epoch(hyperparameters: Hyperparameters) -> float:
    """Return roughly how many seconds of training and evaluation an epoch takes on this machine.

    The function trains a network with random inputs for some milliseconds. The time of a network that is too large for
    this is proportional to its number of parameters.
    """
    return _measure(hyperparameters.model_copy(update={"epochs": 1, "seed": 0, "learning_rate": 1.0, "patience": 1}))


@lru_cache(maxsize=64)
def _measure(h: Hyperparameters) -> float:
    n_inputs, n_outputs = h.n_features, h.dataset_spec.n_outputs
    hidden, n_parameters = h.hidden_sizes, count_parameters((n_inputs, *h.hidden_sizes, n_outputs))
    while count_parameters((n_inputs, *hidden, n_outputs)) > MAX_MEASURED_PARAMETERS and max(hidden, default=0) > 1:
        hidden = tuple(max(1, size // 2) for size in hidden)
    factor = n_parameters / count_parameters((n_inputs, *hidden, n_outputs))

    n_train = h.train_size - round(h.train_size * h.held_out_fraction)
    n_scored = h.train_size - n_train + h.dataset_spec.test_size
    batch_size = h.batch_size_for(n_train)
    n_images = n_train * (batch_size if h.takes_windows else 1) * (EVALUATIONS_PER_SEARCH if h.searches else 1)
    rows = min(batch_size, MAX_ROWS)

    rng = np.random.default_rng(0)
    network = Network.from_hyperparameters(
        h.model_copy(update={"hidden_sizes": hidden}), n_inputs, n_outputs, rng, dropout_rng=rng
    )
    inputs = rng.random((MAX_ROWS, n_inputs), np.float32).astype(network.dtype)
    targets = np.zeros((rows, n_outputs), network.dtype)

    def pass_both_ways() -> None:
        network.forward(inputs[:rows])
        network.penalty()
        network.backward(targets)

    with np.errstate(all="ignore"), threadpool_limits(1, user_api="blas"):
        seconds = n_images / rows * _seconds_of(pass_both_ways)
        if not h.searches:
            optimizer = make_optimizer(h, network.parameters, network.gradient)
            seconds += math.ceil(n_images / batch_size) * _seconds_of(lambda: optimizer.step(TINY_STEP))
        seconds += n_scored / SCORED_ROWS * _seconds_of(lambda: network.logits(inputs[:SCORED_ROWS]))
    return factor * seconds


def _seconds_of(call: Callable[[], object]) -> float:
    """Return the median time of a call."""
    call()  # the first call allocates memory
    times: list[float] = []
    while sum(times) < MEASURED_SECONDS or len(times) < 3:
        started = perf_counter()
        call()
        times.append(perf_counter() - started)
    return median(times)
