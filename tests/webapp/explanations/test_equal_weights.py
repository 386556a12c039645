"""Every view of a run whose weights all start at 0, so that no image has a logit gap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nn.presets.catalog import PRESETS
from tests.support.app_client import Trained, error_of
from tests.support.run_engine import make_config


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    values = PRESETS["all_the_same"].hyperparameters.model_dump(mode="json")
    with Trained(make_config(tmp_path_factory.mktemp("equal")), **values | {"epochs": 2, "use_bias": False}) as trained:
        yield trained


def test_a_tie_is_the_lowest_class_everywhere(run: Trained) -> None:
    assert {item["predicted_label"] for item in run.list_images("answer=any")} == {0}
    assert all(item["confidence"] == pytest.approx(0.1, rel=1e-3) for item in run.list_images("answer=any"))
    for item in run.list_images("answer=any")[:5]:
        found = run.get(f"/explanations/{item['index']}")
        assert (found["predicted_label"], found["gap"]["value"], found["evidence"]["pixels"]) == (0, 0, 0)
        assert found["rival_label"] == (item["true_label"] or 1)


@pytest.mark.parametrize(
    "path",
    [
        *("explanations/1.html", "explanations/1/examples", "explanations/1/repair", "misclassified?sort=change"),
        *("misclassified.csv", "misclassified.png", "calibration", "first_layer_weights.png", "confusion_matrix"),
    ],
)
def test_every_view_responds(run: Trained, path: str) -> None:
    response = run.client.get(f"{run.path}/{path}")
    assert response.status_code == 200, response.text


def test_no_change_of_an_image_corrects_its_prediction(run: Trained) -> None:
    index = run.get("/misclassified?limit=1")["items"][0]["index"]
    assert run.get(f"/explanations/{index}/repair")["found"] is False
    correct = run.get("/misclassified?answer=right&limit=1")["items"][0]["index"]
    assert "classifies image" in error_of(run.client.get(f"{run.path}/explanations/{correct}/repair"), 409)["message"]
