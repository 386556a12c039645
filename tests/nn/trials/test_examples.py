"""The examples that trials train on and are scored on."""

from __future__ import annotations

import numpy as np
import pytest

from nn.datasets.splitting import split_validation
from nn.hyperparameters.schema import Hyperparameters
from nn.trials.examples import TrialExamples
from tests.support.diagnosis.trial_cases import built_in

DIGITS = built_in("digits")


def test_the_validation_split_is_that_of_the_run() -> None:
    h = Hyperparameters(seed=3)
    split = split_validation(DIGITS, 0.1, 3)
    trial = TrialExamples(h, DIGITS).dataset(h, 10_000)
    np.testing.assert_array_equal(trial.train.stored_rows, split.train.stored_rows)
    np.testing.assert_array_equal(trial.test.stored_rows, split.validation.stored_rows)


@pytest.mark.parametrize(
    ("values", "score"),
    [
        ({"validation_fraction": 0.0}, "held_out_accuracy"),
        ({"images_per_class": 10}, "held_out_accuracy"),
        ({"images_per_class": 100, "validation_fraction": 0.5}, "validation_accuracy"),
        ({"images_per_class": 139, "validation_fraction": 0.01}, "held_out_accuracy"),
    ],
)
def test_scored_examples_are_never_trained_on(values: dict[str, object], score: str) -> None:
    h = Hyperparameters().changed(values)
    examples = TrialExamples(h, DIGITS)
    assert examples.score_name == score
    assert examples.n_scored >= 100
    for other in (h, h.changed({"images_per_class": 0})):
        trial = examples.dataset(other, 10_000)
        assert len(trial.train) == examples.count(other)
        assert not set(trial.train.stored_rows) & set(trial.test.stored_rows)


def test_an_unused_image_is_held_out_before_a_training_image() -> None:
    h = Hyperparameters(images_per_class=10)
    assert TrialExamples(h, DIGITS).train_size == 90


def test_a_part_has_each_class_in_the_same_proportion() -> None:
    h = Hyperparameters()
    part = TrialExamples(h, DIGITS).dataset(h, 600).train
    counts = np.bincount(part.labels)
    assert counts.sum() == 600
    assert counts.max() - counts.min() <= 3


def test_a_table_is_scored_on_its_training_examples() -> None:
    h = Hyperparameters(dataset="xor_gate", loss="binary_cross_entropy", batching="full_batch")
    examples = TrialExamples(h, built_in("xor_gate"))
    assert (examples.score_name, examples.train_size, examples.n_scored) == ("train_accuracy", 4, 4)
    assert len(examples.dataset(h, 4).test) == 4
