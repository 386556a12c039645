"""Bounds on the search for the smallest changes, and parts of an explanation that belong together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.support.app_client import EPOCHS, RunClient, error_of
from webapp.explanations import counterfactual_sizes
from webapp.web.services import Services


def test_a_sort_of_too_many_misclassified_images_is_refused_with_the_remedy(
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


def test_all_parts_of_a_page_are_of_the_epoch_that_was_explained(
    trained: RunClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last epoch of a run that goes on may be another one by the time that the second part is asked for."""
    services: Services = trained.app.flask_app.extensions["misfit"]
    explain, asked = services.explanations.explain, []

    def explain_an_earlier_epoch(run_id: int, index: int, epoch: int | None = None) -> Any:
        return explain(run_id, index, epoch or EPOCHS - 1)

    def note(part: Any) -> Any:
        def ask(run_id: int, index: int, epoch: int | None = None) -> Any:
            asked.append(epoch)
            return part(run_id, index, epoch)

        return ask

    wrong = trained.get(f"/misclassified?epoch={EPOCHS - 1}&limit=1")["items"][0]["index"]
    monkeypatch.setattr(services.explanations, "explain", explain_an_earlier_epoch)
    monkeypatch.setattr(services.explanations, "examples", note(services.explanations.examples))
    monkeypatch.setattr(services.explanations, "counterfactual", note(services.explanations.counterfactual))
    response = trained.client.get(f"{trained.path}/explanations/{wrong}.html")
    assert response.status_code == 200
    assert asked == [EPOCHS - 1, EPOCHS - 1]


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0.0%"), (0.0004, "&lt;0.1%"), (0.5, "50.0%"), (0.9996, "&gt;99.9%"), (1.0, "100.0%")],
)
def test_a_page_rounds_no_output_to_certainty(
    trained: RunClient, monkeypatch: pytest.MonkeyPatch, share: float, words: str
) -> None:
    services: Services = trained.app.flask_app.extensions["misfit"]
    explain = services.explanations.explain

    def explain_with(run_id: int, index: int, epoch: int | None = None) -> Any:
        explained = explain(run_id, index, epoch)
        probabilities = np.full_like(explained.prediction.probabilities, share)
        return replace(explained, prediction=replace(explained.prediction, probabilities=probabilities))

    monkeypatch.setattr(services.explanations, "explain", explain_with)
    assert trained.client.get(f"{trained.path}/explanations/0.html").text.count(words) >= 10
