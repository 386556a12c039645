"""Lists of images by prediction, learning dynamics and annotation, over HTTP, compared with the stored predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.app_client import Trained, error_of
from tests.support.run_engine import make_config
from webapp.runs.results import EpochPredictions

EPOCHS = 16
N_IMAGES = 359
MEMBERS = ["index", "true_label", "predicted_label", "confidence", "loss", "margin", "probabilities"]
ADDED = ["history", "learned_epoch", "change", "annotation", "label_error"]
KINDS = ["early", "late", "forgotten", "flickering", "never"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """A finished run with images of each kind of learning dynamics."""
    config = make_config(tmp_path_factory.mktemp("dynamics"))
    with Trained(config, epochs=EPOCHS, learning_rate=0.03, batch_size=8, hidden_sizes=[8]) as trained:
        yield trained


@pytest.fixture(scope="module")
def epochs(run: Trained) -> list[EpochPredictions]:
    """The predictions of the run after each epoch."""
    return [run.services.results.predictions(run.run_id, epoch) for epoch in range(1, EPOCHS + 1)]


def test_every_image_is_listed_with_its_prediction_and_metrics(run: Trained, epochs: list[EpochPredictions]) -> None:
    found = run.get("/misclassified?answer=any&sort=index&order=asc&limit=500")
    assert list(found) == ["total", "epoch", "flagged", "images_match", "items"]
    assert (found["total"], found["epoch"], len(found["items"])) == (N_IMAGES, EPOCHS, N_IMAGES)
    last = epochs[-1]
    outputs = last.predictions.probabilities
    for index, item in enumerate(found["items"]):
        assert list(item) == MEMBERS + ADDED
        assert item["index"] == index
        assert item["true_label"] == last.true_labels[index]
        assert item["predicted_label"] == last.predictions.predicted[index]
        assert item["probabilities"] == pytest.approx(outputs[index].tolist(), rel=1e-5)
        assert item["confidence"] == item["probabilities"][item["predicted_label"]]
        assert item["change"] is None
        assert item["annotation"] is None
        assert run.get(f"/predictions/{index}") == {"epoch": EPOCHS, "images_match": True, **item}


FILTERS: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    ("answer=wrong", lambda item: item["true_label"] != item["predicted_label"]),
    ("answer=right", lambda item: item["true_label"] == item["predicted_label"]),
    ("answer=any&true=3", lambda item: item["true_label"] == 3),
    ("answer=right&true=3&predicted=3", lambda item: item["true_label"] == item["predicted_label"] == 3),
    ("answer=any&min_confidence=0.9", lambda item: item["confidence"] >= 0.9),
    ("answer=any&max_confidence=0.9", lambda item: item["confidence"] <= 0.9),
    ("answer=any&min_confidence=0.5&max_confidence=0.75", lambda item: 0.5 <= item["confidence"] <= 0.75),
    ("max_margin=0.4", lambda item: item["true_label"] != item["predicted_label"] and item["margin"] <= 0.4),
    *[(f"answer=any&history={kind}", lambda item, kind=kind: item["history"] == kind) for kind in KINDS],
    ("answer=any&flagged=false", lambda item: item["annotation"] is None),
]


@pytest.mark.parametrize(("query", "matches"), FILTERS, ids=[query for query, _ in FILTERS])
def test_a_filter_selects_the_images_that_match(
    run: Trained, query: str, matches: Callable[[dict[str, Any]], bool]
) -> None:
    found = run.list_images(query)
    assert found == [item for item in run.list_images("answer=any") if matches(item)]
    assert found


def test_learning_dynamics_follow_from_the_predictions_of_all_epochs(
    run: Trained, epochs: list[EpochPredictions]
) -> None:
    for item in run.list_images("answer=any"):
        history = run.get(f"/histories/{item['index']}")
        assert history["predicted"] == [epoch.predictions.predicted[item["index"]] for epoch in epochs]
        assert (history["index"], history["true_label"]) == (item["index"], item["true_label"])
        is_correct = [label == history["true_label"] for label in history["predicted"]]
        learned_epoch = item["learned_epoch"]
        assert (learned_epoch is None) == (not is_correct[-1])
        if learned_epoch is not None:
            assert all(is_correct[learned_epoch - 1 :])
            assert learned_epoch == 1 or not is_correct[learned_epoch - 2]
        assert (item["history"] == "never") == (not any(is_correct))
        if item["history"] == "early":
            assert learned_epoch <= EPOCHS / 2
        if item["history"] == "late":
            assert learned_epoch > EPOCHS / 2
        if item["history"] == "forgotten":
            assert any(is_correct)
            assert not is_correct[-1]


@pytest.mark.parametrize("epoch", [1, 2, 7, EPOCHS])
def test_kinds_of_learning_dynamics_are_counted_after_any_epoch(run: Trained, epoch: int) -> None:
    found = run.get(f"/histories?epoch={epoch}")
    assert found["epoch"] == epoch
    assert sorted(found["counts"]) == sorted(KINDS)
    assert sum(found["counts"].values()) == N_IMAGES
    for kind, count in found["counts"].items():
        assert run.get(f"/misclassified?epoch={epoch}&answer=any&history={kind}&limit=1")["total"] == count


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_images_are_sorted_by_learned_epoch_with_misclassified_ones_last(run: Trained, order: str) -> None:
    items = run.get(f"/misclassified?answer=any&sort=learned&order={order}&limit=500")["items"]
    learned = [item["learned_epoch"] for item in items]
    known = [epoch for epoch in learned if epoch is not None]
    assert known == sorted(known, reverse=order == "desc")
    assert learned == known + [None] * (N_IMAGES - len(known))
    assert len(set(known)) > 3


def test_calibration_has_bins_and_thresholds(run: Trained) -> None:
    found = run.get("/calibration?epoch=2")
    assert list(found) == ["epoch", "images", "accuracy", "expected_calibration_error", "bins", "thresholds"]
    assert (found["epoch"], found["images"]) == (2, N_IMAGES)
    assert found["accuracy"] == pytest.approx(run.get("/epochs")["items"][1]["test_accuracy"])
    items = run.list_images("epoch=2&answer=any")
    gaps = 0.0
    for bin in found["bins"]:
        inside = [item for item in items if bin["lower"] < item["confidence"] <= bin["upper"]]
        assert bin["images"] == len(inside)
        if inside:
            confidence = np.mean([item["confidence"] for item in inside])
            accuracy = np.mean([item["true_label"] == item["predicted_label"] for item in inside])
            assert (bin["confidence"], bin["accuracy"]) == (
                pytest.approx(confidence, rel=1e-4),
                pytest.approx(accuracy),
            )
            gaps += len(inside) * abs(confidence - accuracy)
        else:
            assert (bin["confidence"], bin["accuracy"]) == (None, None)
    assert sum(bin["images"] for bin in found["bins"]) == N_IMAGES
    assert found["expected_calibration_error"] == pytest.approx(gaps / N_IMAGES, rel=1e-4)
    assert [step["threshold"] for step in found["thresholds"]] == [percent / 100 for percent in range(101)]
    step = found["thresholds"][90]
    assert step["coverage"] == run.get("/misclassified?epoch=2&answer=any&min_confidence=0.9")["total"] / N_IMAGES


def test_images_are_listed_with_their_annotations(run: Trained) -> None:
    indices = [item["index"] for item in run.list_images("answer=wrong")]
    address = "/api/datasets/digits/test/annotations"
    run.client.patch(address, json={"indices": indices[:2], "flagged": True, "label": 3, "note": "a three?"})
    run.client.patch(address, json={"indices": indices[2:3], "note": "only a note"})
    found = run.get("/misclassified?sort=index&order=asc&limit=1")
    assert (found["flagged"], len(found["items"])) == (2, 1)
    assert found["items"][0]["annotation"] == {"flagged": True, "label": 3, "note": "a three?"}
    assert [item["index"] for item in run.list_images("flagged=true")] == indices[:2]
    assert [item["index"] for item in run.list_images("flagged=false")] == indices[2:]
    assert run.get(f"/predictions/{indices[2]}")["annotation"] == {
        "flagged": False,
        "label": None,
        "note": "only a note",
    }
    assert run.get("/misclassified?answer=right")["flagged"] == 0
    run.client.patch(address, json={"indices": indices[:3], "flagged": False, "label": None, "note": ""})
    assert run.list_images("flagged=true") == []


def test_the_sort_by_smallest_change_computes_the_changes_for_every_later_list(run: Trained) -> None:
    assert {item["change"] for item in run.list_images("epoch=4")} == {None}
    items = run.get("/misclassified?epoch=4&sort=change&order=asc&limit=500")["items"]
    sizes = {item["index"]: item["change"] for item in items}
    sizes_found = [size for size in sizes.values() if size is not None]
    assert sizes_found == sorted(sizes_found)
    assert len(sizes_found) > len(items) / 2
    assert all(0 < size < 8 for size in sizes_found)  # the distance of a black from a white image of 64 pixels
    assert {item["index"]: item["change"] for item in run.list_images("epoch=4")} == sizes
    counterfactual = run.get(f"/explanations/{items[0]['index']}/repair?epoch=4")
    assert counterfactual["size"] == pytest.approx(sizes_found[0], rel=1e-4)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("misclassified?answer=maybe", ["answer"]),
        ("misclassified?min_confidence=1.01&max_confidence=-0.01", ["min_confidence", "max_confidence"]),
        ("misclassified?min_confidence=NaN&max_confidence=Infinity", ["min_confidence", "max_confidence"]),
        ("misclassified?max_margin=wide", ["max_margin"]),
        ("misclassified?history=soon&flagged=perhaps", ["history", "flagged"]),
        ("misclassified?suspects=2", ["suspects"]),
        ("misclassified.csv?limit=5", ["limit"]),
        ("misclassified.json?offset=5", ["offset"]),
        ("misclassified.png?sort=size", ["sort"]),
        ("misclassified.png?true=10&predicted=10", ["true", "predicted"]),
        ("calibration?bins=3", ["bins"]),
        ("histories?epoch=0", ["epoch"]),
        ("histories/3?epoch=1", ["epoch"]),
    ],
)
def test_an_error_names_the_invalid_parameter(run: Trained, path: str, fields: list[str]) -> None:
    error = error_of(run.client.get(f"{run.path}/{path}"), 422)
    assert list(error["fields"]) == fields
    assert "Input" not in error["message"]


@pytest.mark.parametrize(
    "path",
    ["calibration?epoch=17", "histories?epoch=17", "histories/359", "predictions/359", "misclassified.png?epoch=17"],
)
def test_a_missing_epoch_or_image_is_not_found(run: Trained, path: str) -> None:
    assert error_of(run.client.get(f"{run.path}/{path}"), 404)["code"] == "not_found"


PARTS = ["misclassified", "calibration", "histories", "histories/0", "misclassified.csv", "misclassified.json"]


@pytest.mark.parametrize("part", [*PARTS, "misclassified.png"])
def test_a_run_without_epochs_has_no_images_to_list(client: FlaskClient, part: str) -> None:
    run = client.post("/api/runs", json={}).get_json()
    assert "not completed an epoch" in error_of(client.get(f"/api/runs/{run['id']}/{part}"), 404)["message"]


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from([*PARTS, "predictions/7"]),
    query=st.dictionaries(
        st.sampled_from(
            [
                "answer",
                "min_confidence",
                "max_confidence",
                "max_margin",
                "history",
                "flagged",
                "suspects",
                "sort",
                "epoch",
            ]
        ),
        st.sampled_from(["any", "right", "0.5", "1", "true", "never", "learned", "2", "-0", "1e-400", "0x1", "\u0661"])
        | st.text(max_size=6)
        | st.floats().map(str),
        max_size=4,
    ),
)
def test_no_filter_causes_a_server_error(run: Trained, path: str, query: dict[str, str]) -> None:
    response = run.client.get(f"{run.path}/{path}", query_string=query)
    assert response.status_code in {200, 404, 422}, response.text
