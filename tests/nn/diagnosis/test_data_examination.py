"""Facts about the data of a run, for data sets with a known defect and without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nn.datasets import Dataset, Split, load_dataset
from nn.diagnosis.examination.data import data_fields, examine_data
from nn.diagnosis.start_profile import DataProfile
from nn.hyperparameters.schema import Hyperparameters
from tests.support.datasets.small_dataset import small_dataset
from tests.support.diagnosis.trial_cases import built_in


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("digits")
    return load_dataset("digits", datasets_dir=folder, cache_dir=folder)


def examine(data: Dataset, **values: Any) -> DataProfile:
    h = Hyperparameters.parse(values)
    return examine_data(h, data).profile_for(h)


def with_train(dataset: Dataset, rows: NDArray[np.intp], labels: NDArray[np.uint8] | None = None) -> Dataset:
    """Return the data set with other training examples: those at `rows`, perhaps with other `labels`."""
    train = dataset.train
    labels = train.labels[rows] if labels is None else labels
    return replace(dataset, train=Split(train.inputs[rows], labels))


def all_rows(dataset: Dataset) -> NDArray[np.intp]:
    return np.arange(len(dataset.train))


def test_good_data_have_no_defect(digits: Dataset) -> None:
    profile = examine(digits)
    assert (profile.n_train, profile.n_validation, profile.n_test) == (1294, 144, 359)
    assert sum(profile.class_counts) == 1294
    assert profile.neighbor_agreement is not None
    assert profile.neighbor_agreement > 0.95
    assert profile.test_neighbor_agreement is not None
    assert profile.test_neighbor_agreement > 0.95
    assert profile.chance_agreement == pytest.approx(0.1, abs=0.02)
    assert profile.batch_entropy == pytest.approx(1.0, abs=0.05)
    assert profile.shared_examples == 0.0
    assert profile.n_duplicate_inputs == 0
    assert profile.test_shift == pytest.approx(0.0, abs=0.3)
    assert profile.test_spread == pytest.approx(1.0, abs=0.1)
    assert profile.validation_spread == pytest.approx(1.0, abs=0.1)


def test_no_input_is_correlated_with_an_exclusive_or(digits: Dataset) -> None:
    gate: dict[str, Any] = {"loss": "binary_cross_entropy", "batching": "full_batch"}
    xor, conjunction = (examine(built_in(name), dataset=name, **gate) for name in ("xor_gate", "and_gate"))
    assert xor.largest_correlation == pytest.approx(0.0, abs=1e-12)
    assert conjunction.largest_correlation == pytest.approx(1 / np.sqrt(3))
    assert examine(digits).largest_correlation is None  # only a sample of the examples is examined


def test_permuted_labels_agree_as_rarely_as_random_ones(digits: Dataset) -> None:
    labels = np.random.default_rng(0).permutation(digits.train.labels)
    profile = examine(with_train(digits, all_rows(digits), labels))
    assert profile.neighbor_agreement == pytest.approx(profile.chance_agreement, abs=0.05)
    assert profile.test_neighbor_agreement == pytest.approx(0.1, abs=0.05)


def test_shifted_test_labels_agree_less_often_than_random_ones(digits: Dataset) -> None:
    test = Split(digits.test.inputs, (digits.test.labels + 1) % 10)
    profile = examine(replace(digits, test=test))
    assert profile.neighbor_agreement is not None
    assert profile.neighbor_agreement > 0.95
    assert profile.test_neighbor_agreement is not None
    assert profile.test_neighbor_agreement < 0.03


def test_sorted_examples_give_batches_of_one_class_only_without_shuffling(digits: Dataset) -> None:
    by_class = with_train(digits, np.argsort(digits.train.labels, kind="stable"))
    windows = examine(by_class, sampling="sliding_window", batch_size=20)
    assert windows.batch_entropy is not None
    assert windows.batch_entropy < 0.2
    shuffled = examine(by_class, batch_size=20)
    assert shuffled.batch_entropy == pytest.approx(1.0, abs=0.05)
    assert shuffled.neighbor_agreement is not None
    assert shuffled.neighbor_agreement > 0.95  # the examined examples are of all classes


@pytest.mark.parametrize(
    "values",
    [
        {"batch_size": 2},
        {"batch_size": 4, "sampling": "with_replacement"},
        {"batching": "full_batch"},
        {"batch_size": 300},
    ],
)
def test_random_batches_of_any_size_have_the_expected_entropy(digits: Dataset, values: dict[str, Any]) -> None:
    assert examine(digits, **values).batch_entropy == pytest.approx(1.0, abs=0.08)


def test_batches_of_one_example_have_no_entropy(digits: Dataset) -> None:
    assert examine(digits, batch_size=1).batch_entropy is None


@pytest.mark.parametrize("scaling", ["none", "unit"])
def test_test_images_with_another_scale_have_another_spread_and_mean(digits: Dataset, scaling: str) -> None:
    test = Split(digits.test.inputs.astype(np.float64) / 16, digits.test.labels)
    data = replace(digits, train=Split(digits.train.inputs.astype(np.float64), digits.train.labels), test=test)
    profile = examine(data, input_scaling=scaling)
    assert profile.test_spread is not None
    assert profile.test_spread < 0.7
    assert profile.test_shift is not None
    assert profile.test_shift < -3
    assert profile.validation_spread == pytest.approx(1.0, abs=0.1)


def test_unscaled_inputs_have_a_large_mean_square(digits: Dataset) -> None:
    raw, unit = examine(digits, input_scaling="none"), examine(digits)
    assert raw.largest_input == 16
    assert raw.input_mean_square == pytest.approx(256 * unit.input_mean_square, rel=1e-4)
    assert raw.n_constant_inputs == unit.n_constant_inputs > 0


def test_standardized_inputs_have_the_mean_square_1(digits: Dataset) -> None:
    assert examine(digits, input_scaling="standardize").input_mean_square == pytest.approx(1.0, abs=0.15)


def test_constant_and_repeated_inputs_are_counted() -> None:
    data = small_dataset()
    inputs = data.train.inputs.copy()
    inputs[:, 3] = 7
    inputs[:, 5] = inputs[:, 2]
    profile = examine(replace(data, train=Split(inputs, data.train.labels)), batch_size=16)
    assert profile.n_constant_inputs == 1
    assert profile.n_duplicate_inputs == 2


def test_inputs_that_are_equal_in_the_sample_only_are_not_repeated(digits: Dataset) -> None:
    """Two pixels that are nearly always 0 are equal in most samples of the training examples."""
    inputs = np.zeros((6000, 64), np.uint8)
    inputs[:] = digits.train.inputs[np.arange(6000) % len(digits.train)]
    inputs[:, 8] = inputs[:, 9]
    labels = digits.train.labels[np.arange(6000) % len(digits.train)]
    assert examine(replace(digits, train=Split(inputs, labels))).n_duplicate_inputs == 2
    inputs[::1500, 8] += 1  # in four of 6,000 examples
    assert examine(replace(digits, train=Split(inputs, labels)), seed=1).n_duplicate_inputs == 0


def test_test_examples_that_are_also_trained_on_are_counted(digits: Dataset) -> None:
    rows = np.concatenate([np.arange(50), np.arange(50)])
    stored = digits.train.inputs
    test = Split(np.concatenate([stored[rows[:50]], digits.test.inputs[:150]]), digits.test.labels[:200])
    assert examine(replace(digits, test=test), validation_fraction=0).shared_examples == pytest.approx(0.25)


def test_class_counts_are_those_of_the_training_split(digits: Dataset) -> None:
    ones = np.flatnonzero(digits.train.labels == 1)
    others = np.flatnonzero(digits.train.labels != 1)[:60]
    profile = examine(with_train(digits, np.concatenate([ones, others])), validation_fraction=0)
    assert profile.class_counts[1] == len(ones)
    assert sum(profile.class_counts) == len(ones) + 60


def test_targets_of_a_regression_are_described(tmp_path: Path) -> None:
    table = load_dataset("squares", datasets_dir=tmp_path, cache_dir=tmp_path)
    values = {"dataset": "squares", "loss": "quadratic", "output_activation": "linear", "batching": "full_batch"}
    profile = examine(table, **values)
    assert table.train.targets is not None
    assert profile.target_mean == pytest.approx(np.abs(table.train.targets.mean(axis=0)).max(), rel=1e-5)
    assert profile.class_counts == ()
    assert profile.neighbor_agreement is profile.batch_entropy is profile.test_shift is None
    scaled = examine(table, **values, target_scaling="standardize")
    assert scaled.target_mean == pytest.approx(0.0, abs=1e-6)
    assert scaled.target_std == pytest.approx(1.0, abs=0.3)


def test_the_fields_of_the_data_determine_the_examples() -> None:
    """All other hyperparameters leave the examined data unchanged, so a cache can share them."""
    h = Hyperparameters(dataset="digits")
    others = {"learning_rate": 0.5, "hidden_sizes": (3,), "batch_size": 8, "epochs": 2, "loss": "quadratic", "l2": 0.1}
    assert data_fields(h.changed(others)) == data_fields(h)
    for name, value in {"seed": 1, "input_scaling": "none", "validation_fraction": 0.2, "images_per_class": 30}.items():
        assert data_fields(h.changed({name: value})) != data_fields(h)
