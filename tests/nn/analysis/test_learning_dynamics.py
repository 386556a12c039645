"""Learning dynamics: an image is learned early, learned late, forgotten, flickering or never learned."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.analysis.learning_dynamics import LEARNING_CATEGORIES, LearningCategory, LearningDynamics

# Each case: the predictions for one image, one per epoch (✓ correct, ✗ misclassified); the category of the image after
# the last epoch; the epoch from which all predictions are correct.
CASES = [
    ("✗", LearningCategory.NEVER, 0),
    ("✗✗✗✗✗", LearningCategory.NEVER, 0),
    ("✓", LearningCategory.EARLY, 1),
    ("✓✓", LearningCategory.EARLY, 1),
    ("✗✓", LearningCategory.LATE, 2),
    ("✗✓✓", LearningCategory.LATE, 2),  # 2 is later than 3/2
    ("✗✓✓✓", LearningCategory.EARLY, 2),  # 2 is not later than 4/2
    ("✗✗✓✓", LearningCategory.LATE, 3),
    ("✓✗✓✓✓✓", LearningCategory.EARLY, 3),
    ("✓✗", LearningCategory.FORGOTTEN, 0),
    ("✗✓✗✗✗✗✗✗", LearningCategory.FORGOTTEN, 0),
    ("✗✗✗✓✗✓✗✓", LearningCategory.FLICKERING, 8),  # changes at 4, 5, 6, 7, 8
    ("✗✗✗✓✗✓✓✓", LearningCategory.LATE, 6),  # three changes
    ("✓✗✓✗✓✓✓✓", LearningCategory.LATE, 5),  # four changes, of which only the one at 5 is later than 8/2
    ("✓✗✓✗✓✓✓✓✓✓", LearningCategory.EARLY, 5),
    ("✗✓✗✗✓✗✗✗", LearningCategory.FLICKERING, 0),  # changes at 2, 3, 5, 6
    ("✗✓✗✓✗✗✗✗", LearningCategory.FORGOTTEN, 0),  # four changes, of which only the one at 5 is later than 8/2
    ("✗✓✗✓✗", LearningCategory.FLICKERING, 0),
    ("✓✓✗✓✗✓", LearningCategory.FLICKERING, 6),
]


def history_of(*images: str) -> LearningDynamics:
    """Return the learning dynamics of images from strings such as "✗✓✓", one character for each epoch."""
    is_correct = np.array([[prediction == "✓" for prediction in image] for image in images]).T
    return LearningDynamics.empty(len(images)).extended([is_correct])


@pytest.mark.parametrize(("predictions", "category", "learned_epoch"), CASES)
def test_the_category_of_an_image(predictions: str, category: LearningCategory, learned_epoch: int) -> None:
    learning = history_of(predictions).snapshot(len(predictions))
    assert LEARNING_CATEGORIES[learning.categories[0]] == category
    assert learning.learned_epochs.tolist() == [learned_epoch]
    assert [name for name in LearningCategory if learning.in_category(name)[0]] == [category]
    assert learning.counts() == {name.value: int(name is category) for name in LearningCategory}


def expected_category(predictions: str) -> tuple[LearningCategory, int]:
    """Return the category and the learned epoch, computed epoch by epoch from their definitions."""
    last = len(predictions)
    changes = [epoch for epoch in range(2, last + 1) if predictions[epoch - 1] != predictions[epoch - 2]]
    learned = (
        0
        if predictions[-1] == "✗"
        else max([epoch + 1 for epoch in range(1, last) if predictions[epoch - 1] == "✗"] + [1])
    )
    if "✓" not in predictions:
        return LearningCategory.NEVER, learned
    if len(changes) >= 4 and sum(epoch > last / 2 for epoch in changes) >= 2:
        return LearningCategory.FLICKERING, learned
    if predictions[-1] == "✗":
        return LearningCategory.FORGOTTEN, learned
    return (LearningCategory.LATE if learned > last / 2 and learned > 1 else LearningCategory.EARLY), learned


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.text("✓✗", min_size=n, max_size=n), min_size=1, max_size=20)))
def test_any_predictions_after_any_epoch(images: list[str]) -> None:
    history = history_of(*images)
    for epoch in range(1, len(images[0]) + 1):
        learning = history.snapshot(epoch)
        found = [
            (LEARNING_CATEGORIES[category], since)
            for category, since in zip(learning.categories, learning.learned_epochs, strict=True)
        ]
        assert found == [expected_category(predictions[:epoch]) for predictions in images]


def test_an_extended_history_equals_one_of_all_epochs() -> None:
    is_correct = np.random.default_rng(0).random((40, 359)) < 0.5
    whole = LearningDynamics.empty(359).extended([is_correct])
    grown = LearningDynamics.empty(359)
    for part in (is_correct[:1], is_correct[1:1], is_correct[1:30], is_correct[30:]):
        before = grown
        grown = grown.extended([part])
        assert before.n_epochs + len(part) == grown.n_epochs
    assert np.array_equal(grown.bits, whole.bits)


@pytest.mark.parametrize("epoch", [0, 3])
def test_an_unknown_epoch_raises_an_error(epoch: int) -> None:
    with pytest.raises(IndexError, match="the last is 2"):
        history_of("✓✓").snapshot(epoch)


def test_10000_epochs_take_little_time_and_one_bit_per_prediction() -> None:
    parts = np.random.default_rng(0).random((100, 359)) < 0.5
    history = LearningDynamics.empty(359).extended([parts] * 100)
    assert history.bits.nbytes == 10_000 * 45
    times = []
    for _ in range(3):
        started = time.thread_time()
        assert history.snapshot(10_000).counts()["flickering"] == 359
        times.append(time.thread_time() - started)
    assert min(times) < 0.2  # it takes 20 ms on an idle machine
