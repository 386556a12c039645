"""The order by smallest change, with counterfactual sizes that the test chooses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nn.analysis.prediction_filter import PredictionFilter
from tests.support.app_client import Trained
from tests.support.run_engine import make_config
from webapp.errors import ConflictError
from webapp.explanations.service import Explanations
from webapp.misclassified.service import MisclassifiedImages
from webapp.runs.results import EpochImages

EPOCHS = 4
N_IMAGES = 359


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    config = make_config(tmp_path_factory.mktemp("sort"))
    with Trained(config, epochs=EPOCHS, learning_rate=0.03, batch_size=8, hidden_sizes=[8]) as trained:
        yield trained


class FakeExplanations:
    """Source of counterfactual sizes: the size of image i is i % 7, or NaN if that is 0. `searches` lists the calls."""

    def __init__(self) -> None:
        self.searches: list[tuple[int, int, list[int]]] = []
        self.stored: NDArray[np.float64] | None = None

    def counterfactual_sizes(self, images: EpochImages, indices: NDArray[np.intp]) -> NDArray[np.float64]:
        self.searches.append((images.run.id, images.epoch, indices.tolist()))
        return np.where(indices % 7, indices % 7, np.nan)

    def known_counterfactual_sizes(self, _images: EpochImages) -> NDArray[np.float64] | None:
        return self.stored


@pytest.fixture
def explanations() -> FakeExplanations:
    return FakeExplanations()


@pytest.fixture
def misclassified(run: Trained, explanations: FakeExplanations) -> MisclassifiedImages:
    return MisclassifiedImages(run.services.results, run.services.annotations, cast(Explanations, explanations))


def test_images_are_sorted_by_smallest_change_with_those_without_one_last(
    run: Trained, misclassified: MisclassifiedImages, explanations: FakeExplanations
) -> None:
    items = misclassified.find(run.run_id, 3, sort="change", order="asc").items()
    indices = [item["index"] for item in run.list_images("epoch=3")]
    assert [item["index"] for item in items] == sorted(indices, key=lambda index: (index % 7 or math.inf, index))
    assert [item["change"] for item in items] == [item["index"] % 7 or None for item in items]
    assert explanations.searches == [(run.run_id, 3, indices)]


def test_only_misclassified_images_have_a_smallest_change(
    run: Trained, misclassified: MisclassifiedImages, explanations: FakeExplanations
) -> None:
    found = misclassified.find(run.run_id, chosen=PredictionFilter(answer="any"), sort="change")
    assert found.total == N_IMAGES
    assert explanations.searches == [(run.run_id, EPOCHS, [item["index"] for item in run.list_images("answer=wrong")])]
    misclassified.find(run.run_id, chosen=PredictionFilter(answer="right"), sort="change")
    assert len(explanations.searches) == 1


def test_a_stored_smallest_change_is_listed_with_any_sort(
    run: Trained, misclassified: MisclassifiedImages, explanations: FakeExplanations
) -> None:
    explanations.stored = np.full(N_IMAGES, np.nan)
    explanations.stored[5] = 1.23456789
    items = misclassified.find(run.run_id, chosen=PredictionFilter(answer="any"), sort="index", order="asc").items()
    assert [item["change"] for item in items[4:7]] == [None, 1.23457, None]
    assert misclassified.find_one(run.run_id, 5).items() == [items[5]]
    assert explanations.searches == []


def test_an_error_of_the_search_is_raised(
    run: Trained, misclassified: MisclassifiedImages, explanations: FakeExplanations, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raise_error(*_: object) -> None:
        raise ConflictError("The weights are not stored.")

    monkeypatch.setattr(explanations, "counterfactual_sizes", raise_error)
    with pytest.raises(ConflictError):
        misclassified.find(run.run_id, sort="change")
