"""Each image is one kind: learned early or late, forgotten, flickering or never right."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.analysis.learning_dynamics import LEARNING_CATEGORIES, LearningCategory, LearningDynamics

# How the answers of one image went, ✓ right and ✗ wrong, one an epoch; its kind after the last and since when it is
# right without a break, worked out by hand.
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
    ("✗✗✗✓✗✓✗✓", LearningCategory.FLICKERING, 8),  # changes in 4, 5, 6, 7, 8
    ("✗✗✗✓✗✓✓✓", LearningCategory.LATE, 6),  # three changes
    ("✓✗✓✗✓✓✓✓", LearningCategory.LATE, 5),  # four changes, of which only that in 5 is later than 8/2
    ("✓✗✓✗✓✓✓✓✓✓", LearningCategory.EARLY, 5),
    ("✗✓✗✗✓✗✗✗", LearningCategory.FLICKERING, 0),  # changes in 2, 3, 5, 6
    ("✗✓✗✓✗✗✗✗", LearningCategory.FORGOTTEN, 0),  # four changes, of which only that in 5 is later than 8/2
    ("✗✓✗✓✗", LearningCategory.FLICKERING, 0),
    ("✓✓✗✓✗✓", LearningCategory.FLICKERING, 6),
]


def of(*answers: str) -> LearningDynamics:
    """The history of some images."""
    is_correct = np.array([[answer == "✓" for answer in image] for image in answers]).T
    return LearningDynamics.empty(len(answers)).extended([is_correct])


@pytest.mark.parametrize(("answers", "kind", "learned_epoch"), CASES)
def test_the_kind_of_an_image(answers: str, kind: LearningCategory, learned_epoch: int) -> None:
    learning = of(answers).at(len(answers))
    assert LEARNING_CATEGORIES[learning.categories[0]] == kind
    assert learning.learned_epochs.tolist() == [learned_epoch]
    assert [name for name in LearningCategory if learning.in_category(name)[0]] == [kind]
    assert learning.counts() == {name.value: int(name is kind) for name in LearningCategory}


def in_words(answers: str) -> tuple[LearningCategory, int]:
    """The kind and the learned epoch as the docstring tells them, epoch by epoch."""
    last = len(answers)
    changes = [epoch for epoch in range(2, last + 1) if answers[epoch - 1] != answers[epoch - 2]]
    learned = (
        0 if answers[-1] == "✗" else max([epoch + 1 for epoch in range(1, last) if answers[epoch - 1] == "✗"] + [1])
    )
    if "✓" not in answers:
        return LearningCategory.NEVER, learned
    if len(changes) >= 4 and sum(epoch > last / 2 for epoch in changes) >= 2:
        return LearningCategory.FLICKERING, learned
    if answers[-1] == "✗":
        return LearningCategory.FORGOTTEN, learned
    return (LearningCategory.LATE if learned > last / 2 and learned > 1 else LearningCategory.EARLY), learned


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.text("✓✗", min_size=n, max_size=n), min_size=1, max_size=20)))
def test_any_answers_after_any_epoch(images: list[str]) -> None:
    history = of(*images)
    for epoch in range(1, len(images[0]) + 1):
        learning = history.at(epoch)
        found = [
            (LEARNING_CATEGORIES[kind], since)
            for kind, since in zip(learning.categories, learning.learned_epochs, strict=True)
        ]
        assert found == [in_words(answers[:epoch]) for answers in images]


def test_a_history_that_grows_is_that_of_all_epochs_at_once() -> None:
    is_correct = np.random.default_rng(0).random((40, 359)) < 0.5
    whole = LearningDynamics.empty(359).extended([is_correct])
    grown = LearningDynamics.empty(359)
    for part in (is_correct[:1], is_correct[1:1], is_correct[1:30], is_correct[30:]):
        before = grown
        grown = grown.extended([part])
        assert before.n_epochs + len(part) == grown.n_epochs
    assert np.array_equal(grown.bits, whole.bits)


@pytest.mark.parametrize("epoch", [0, 3])
def test_an_epoch_that_is_not_known(epoch: int) -> None:
    with pytest.raises(IndexError, match="the last is 2"):
        of("✓✓").at(epoch)


def test_10000_epochs_take_a_moment_and_a_bit_an_answer() -> None:
    parts = np.random.default_rng(0).random((100, 359)) < 0.5
    history = LearningDynamics.empty(359).extended([parts] * 100)
    assert history.bits.nbytes == 10_000 * 45
    times = []
    for _ in range(3):
        started = time.thread_time()
        assert history.at(10_000).counts()["flickering"] == 359
        times.append(time.thread_time() - started)
    assert min(times) < 0.2  # 20 ms on a quiet machine
