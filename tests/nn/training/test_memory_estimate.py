"""Estimates of memory and time: the memory is close to the actual allocation, and the time follows the work."""

from __future__ import annotations

import copy
import time
import tracemalloc
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from nn.datasets import load_dataset
from nn.hyperparameters.fields import MAX_LAYERS, MAX_UNITS
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.random_streams import RandomStreams
from nn.storage.checkpoint import Checkpoint
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.memory_estimate import MemoryEstimate, estimate_memory
from nn.training.time_estimate import estimate_seconds_per_epoch
from nn.training.trainer import train


def estimate(**values: Any) -> MemoryEstimate:
    return estimate_memory(Hyperparameters.parse(values))


def measure_peak(h: Hyperparameters) -> int:
    """Train for three epochs, copy checkpoints as a worker does, and return the peak of allocated bytes."""
    dataset = load_dataset(h.dataset, datasets_dir=Path(), cache_dir=Path())
    checkpoints: dict[str, Checkpoint] = {}

    def store_checkpoint(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            checkpoints["last"] = copy.deepcopy(event.checkpoint)
            checkpoints.setdefault("best", checkpoints["last"])

    import_module("scipy.optimize")  # a line search imports it, and its modules would count as memory of the run
    tracemalloc.start()
    try:
        train(h, dataset, on_event=store_checkpoint)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "values",
    [
        {"optimizer": "adam"},
        {"optimizer": "sgd", "dtype": "float64"},
        {"optimizer": "sgd", "momentum": 0.9, "l1": 1e-6},
        {"optimizer": "rmsprop", "dropout_rate": 0.5},
        {"batching": "full_batch", "activation": "leaky_relu", "l2": 1e-4},
        {"batching": "full_batch", "optimizer": "conjugate_gradient"},
        {"batching": "full_batch", "optimizer": "lbfgs"},
        {"images_per_class": 100, "use_bias": False, "batch_size": 900},
    ],
    ids=lambda values: " ".join(f"{name}={value}" for name, value in values.items()),
)
def test_estimate_is_close_to_the_measured_peak(values: dict[str, Any]) -> None:
    # The batches are as large as the buffers, because tracemalloc also counts unused rows of buffers.
    h = Hyperparameters.parse({"hidden_sizes": (700, 500), "batch_size": 1024, "epochs": 3, **values})
    parts = estimate_memory(h).parts
    expected = sum(size for name, size in parts.items() if name != "process")
    assert expected == pytest.approx(measure_peak(h), rel=0.15)


def test_parameter_count_equals_that_of_the_network() -> None:
    for hidden_sizes in ((), (7,), (30, 20, 10)):
        h = Hyperparameters(hidden_sizes=hidden_sizes)
        network = Network.from_hyperparameters(h, 64, 10, RandomStreams(0).initialization)
        assert estimate_memory(h).parameter_count == network.parameter_count


def test_the_largest_network_is_estimated_quickly_without_overflow() -> None:
    started = time.thread_time()
    tracemalloc.start()
    largest = estimate(dataset="mnist", hidden_sizes=(MAX_UNITS,) * MAX_LAYERS, dtype="float64", batch_size=50_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.thread_time() - started < 0.1
    assert peak < 100_000
    assert largest.parameter_count == 785 * 10_000 + 7 * 10_001 * 10_000 + 10_001 * 10
    assert largest.total_bytes > 708_000_000 * 8 * (2 + 2 + 9)
    assert all(type(size) is int and size >= 0 for size in largest.parts.values())


@pytest.mark.parametrize(
    ("name", "smaller", "larger"),
    [
        ("hidden_sizes", (100,), (200,)),
        ("dtype", "float32", "float64"),
        ("optimizer", "sgd", "adam"),
        ("batch_size", 10, 500),
        ("dropout_rate", 0, 0.5),
        ("l1", 0, 0.1),
        ("dataset", "digits", "mnist"),
        ("images_per_class", 100, 120),
    ],
)
def test_larger_values_need_more_memory(name: str, smaller: Any, larger: Any) -> None:
    basis: dict[str, Any] = {"hidden_sizes": (300, 300)}
    assert estimate(**basis | {name: smaller}).total_bytes < estimate(**basis | {name: larger}).total_bytes


def test_batches_of_several_chunks_need_one_more_gradient() -> None:
    sizes = {"dataset": "mnist", "hidden_sizes": (500,)}
    chunk, large, full = (estimate(**sizes, batch_size=size) for size in (1024, 2048, 50_000))
    assert large.total_bytes - chunk.total_bytes == 4 * chunk.parameter_count
    assert full.total_bytes == large.total_bytes


def test_the_error_names_the_layers_and_the_memory() -> None:
    too_large = estimate(hidden_sizes=(10_000, 10_000))
    error = too_large.to_field_error(2_000_000_000)
    assert list(error.fields) == ["hidden_sizes"]
    assert error.fields["hidden_sizes"] == (
        f"would make 100,760,010 parameters: the run would need about {too_large.total_bytes / 1e9:.1f} GB of memory; "
        "the limit is 2.0 GB. Choose fewer layers or fewer units"
    )


def test_the_error_names_the_data_set_if_no_network_fits() -> None:
    error = estimate(dataset="mnist", hidden_sizes=(10,)).to_field_error(200_000_000)
    assert list(error.fields) == ["dataset"]
    assert "is too large: the run would need about 2" in error.fields["dataset"]
    assert "the limit is 200 MB. Choose a smaller one" in error.fields["dataset"]


def seconds(**values: Any) -> float:
    return estimate_seconds_per_epoch(Hyperparameters.parse({"dataset": "mnist", **values}))


def test_an_epoch_of_a_huge_network_takes_minutes_and_one_of_a_small_network_seconds() -> None:
    """The differences are so large that a busy machine does not change the result."""
    small, large, huge = (seconds(hidden_sizes=sizes) for sizes in ([30], [1000, 1000], [10_000, 10_000]))
    assert small < large < huge
    assert huge > 60


def test_more_images_take_more_time() -> None:
    assert seconds(hidden_sizes=[300]) > seconds(hidden_sizes=[300], images_per_class=100)


def test_values_that_do_not_change_the_work_are_not_measured_again() -> None:
    assert seconds(epochs=3, learning_rate=0.1, seed=4) == seconds(epochs=300, learning_rate=0.2, seed=5)


@pytest.mark.parametrize(
    "values",
    [
        {"optimizer": "lbfgs", "batching": "full_batch"},
        {"optimizer": "conjugate_gradient", "batching": "full_batch", "l2": 0.1},
        {"optimizer": "sgd", "momentum": 0.9, "dropout_rate": 0.5, "batch_size": 1},
        {"optimizer": "rmsprop", "batching": "full_batch", "dtype": "float64"},
        {"hidden_sizes": [], "loss": "quadratic", "sampling": "sliding_window"},
        {"dataset": "squares", "loss": "quadratic", "output_activation": "linear", "batch_size": 2},
        {"dataset": "or_gate", "loss": "binary_cross_entropy", "batch_size": 4},
    ],
    ids=lambda values: " ".join(f"{name}={value}" for name, value in values.items()),
)
def test_every_kind_of_run_has_an_estimate(values: dict[str, Any]) -> None:
    assert 0 < seconds(**values) < 600
