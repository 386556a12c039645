"""The limit on misclassified images for the sort by smallest change, and the epoch and rounding of the HTML report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.support.app_client import EPOCHS, RunClient, error_of
from webapp.explanations import counterfactual_sizes


def test_a_sort_of_too_many_misclassified_images_is_rejected_with_the_remedy(
    trained_copy: RunClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_misclassified = trained_copy.get("/misclassified?limit=1")["total"]
    monkeypatch.setattr(counterfactual_sizes, "MAX_MISCLASSIFIED", n_misclassified - 1)
    for kind in ("", ".csv", ".json", ".png"):
        error = error_of(trained_copy.client.get(f"{trained_copy.path}/misclassified{kind}?sort=change"), 409)
        assert f"{n_misclassified} images are misclassified" in error["message"]
        assert "choose a later epoch" in error["message"]
    monkeypatch.setattr(counterfactual_sizes, "MAX_MISCLASSIFIED", n_misclassified)
    assert trained_copy.get("/misclassified?sort=change")["items"][0]["change"] is not None


def test_all_parts_of_a_report_explain_the_same_epoch(trained: RunClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a run trains, its last epoch can change between the computations of two parts."""
    explain, epochs = trained.services.explanations.explain, []

    def explain_an_earlier_epoch(run_id: int, index: int, epoch: int | None = None) -> Any:
        return explain(run_id, index, epoch or EPOCHS - 1)

    def record_epoch(compute: Any) -> Any:
        def record_and_compute(run_id: int, index: int, epoch: int | None = None) -> Any:
            epochs.append(epoch)
            return compute(run_id, index, epoch)

        return record_and_compute

    index = trained.get(f"/misclassified?epoch={EPOCHS - 1}&limit=1")["items"][0]["index"]
    monkeypatch.setattr(trained.services.explanations, "explain", explain_an_earlier_epoch)
    monkeypatch.setattr(trained.services.explanations, "examples", record_epoch(trained.services.explanations.examples))
    monkeypatch.setattr(
        trained.services.explanations, "counterfactual", record_epoch(trained.services.explanations.counterfactual)
    )
    response = trained.client.get(f"{trained.path}/explanations/{index}.html")
    assert response.status_code == 200
    assert epochs == [EPOCHS - 1, EPOCHS - 1]


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "0.0%"), (0.0004, "&lt;0.1%"), (0.5, "50.0%"), (0.9996, "&gt;99.9%"), (1.0, "100.0%")],
)
def test_a_report_rounds_no_probability_to_certainty(
    trained: RunClient, monkeypatch: pytest.MonkeyPatch, probability: float, text: str
) -> None:
    explain = trained.services.explanations.explain

    def explain_with(run_id: int, index: int, epoch: int | None = None) -> Any:
        explained = explain(run_id, index, epoch)
        probabilities = np.full_like(explained.prediction.probabilities, probability)
        return replace(explained, prediction=replace(explained.prediction, probabilities=probabilities))

    monkeypatch.setattr(trained.services.explanations, "explain", explain_with)
    assert trained.client.get(f"{trained.path}/explanations/0.html").text.count(text) >= 10
