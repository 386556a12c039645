"""The order by smallest change, against sizes that the test chooses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nn.analysis.prediction_filter import PredictionFilter
from tests.support.app_client import Trained
from tests.support.run_engine import make_config
from webapp.app import App
from webapp.errors import ConflictError
from webapp.explanations.service import Explanations
from webapp.misclassified.service import MisclassifiedImages
from webapp.runs.results import EpochImages
from webapp.web.services import Services

EPOCHS = 4
N_IMAGES = 359


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    config = make_config(tmp_path_factory.mktemp("sort"))
    with Trained(config, epochs=EPOCHS, learning_rate=0.03, batch_size=8, hidden_sizes=[8]) as trained:
        yield trained


def services_of(app: App) -> Services:
    services: Services = app.flask_app.extensions["misfit"]
    return services


def listed(run: Trained, query: str) -> list[dict[str, Any]]:
    """All images of a list in the order of the test set."""
    items: list[dict[str, Any]] = run.get(f"/misclassified?{query}&sort=index&order=asc&limit=500")["items"]
    return items


class Changes:
    """Where smallest changes are known from: that of image i is i % 7, none where that is 0."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, list[int]]] = []
        self.known: NDArray[np.float64] | None = None

    def counterfactual_sizes(self, images: EpochImages, indices: NDArray[np.intp]) -> NDArray[np.float64]:
        self.asked.append((images.run.id, images.epoch, indices.tolist()))
        return np.where(indices % 7, indices % 7, np.nan)

    def known_counterfactual_sizes(self, _images: EpochImages) -> NDArray[np.float64] | None:
        return self.known


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
def mistakes(run: Trained, changes: Changes) -> MisclassifiedImages:
    return MisclassifiedImages(
        services_of(run.app).results, services_of(run.app).annotations, cast(Explanations, changes)
    )


def test_images_are_sorted_by_the_smallest_change_those_without_one_last(
    run: Trained, mistakes: MisclassifiedImages, changes: Changes
) -> None:
    items = mistakes.find(run.run_id, 3, sort="change", order="asc").items()
    wrong = [item["index"] for item in listed(run, "epoch=3")]
    assert [item["index"] for item in items] == sorted(wrong, key=lambda index: (index % 7 or math.inf, index))
    assert [item["change"] for item in items] == [item["index"] % 7 or None for item in items]
    assert changes.asked == [(run.run_id, 3, wrong)]


def test_only_mistakes_are_changed(run: Trained, mistakes: MisclassifiedImages, changes: Changes) -> None:
    found = mistakes.find(run.run_id, chosen=PredictionFilter(answer="any"), sort="change")
    assert found.total == N_IMAGES
    assert changes.asked == [(run.run_id, EPOCHS, [item["index"] for item in listed(run, "answer=wrong")])]
    mistakes.find(run.run_id, chosen=PredictionFilter(answer="right"), sort="change")
    assert len(changes.asked) == 1


def test_a_change_that_is_known_is_told_with_any_sort(
    run: Trained, mistakes: MisclassifiedImages, changes: Changes
) -> None:
    changes.known = np.full(N_IMAGES, np.nan)
    changes.known[5] = 1.23456789
    items = mistakes.find(run.run_id, chosen=PredictionFilter(answer="any"), sort="index", order="asc").items()
    assert [item["change"] for item in items[4:7]] == [None, 1.23457, None]
    assert mistakes.find_one(run.run_id, 5).items() == [items[5]]
    assert changes.asked == []


def test_a_change_that_cannot_be_worked_out_is_told(
    run: Trained, mistakes: MisclassifiedImages, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ConflictError("The weights are not stored.")

    monkeypatch.setattr(changes, "counterfactual_sizes", refuse)
    with pytest.raises(ConflictError):
        mistakes.find(run.run_id, sort="change")
