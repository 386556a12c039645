"""The outputs of trained runs on tables, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.model.network import Network
from nn.storage.checkpoint import load_checkpoint
from tests.support.app_client import EPOCHS, RunClient, Trained, error_of
from tests.support.run_engine import make_config
from webapp.storage.run_files import RunFiles

CHOSEN: dict[str, dict[str, Any]] = {
    "xor_gate": {"loss": "binary_cross_entropy"},
    "squares": {"loss": "mean_squared_error", "output_activation": "linear", "target_scaling": "standardize"},
    "random_regression": {"loss": "squared_error", "output_activation": "linear", "dtype": "float64"},
}


@pytest.fixture(scope="module", params=CHOSEN)
def table_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    config = make_config(tmp_path_factory.mktemp(request.param))
    with Trained(config, dataset=request.param, batching="full_batch", **CHOSEN[request.param]) as trained:
        yield trained


def predict(run: Trained, inputs: Any) -> Any:
    """Return the outputs for `inputs`, computed with the network in the last checkpoint."""
    checkpoint = load_checkpoint(RunFiles(run.config.runs_dir / str(run.run_id)).checkpoint("last"))
    h = checkpoint.hyperparameters
    network = Network.from_parameters(h, h.n_features, h.dataset_spec.n_outputs, checkpoint.parameters)
    scaled = (np.array(inputs) - checkpoint.scaling_offset) * checkpoint.scaling_scale
    if h.dataset_spec.class_names:
        return network.predict_proba(scaled)
    return network.predict_outputs(scaled) / checkpoint.target_scale + checkpoint.target_offset


def test_the_outputs_of_the_last_epoch_equal_those_of_its_network(table_run: Trained) -> None:
    dataset = table_run.app.runs.get(table_run.run_id).dataset
    found = table_run.get("/outputs")
    assert found["epoch"] == EPOCHS
    if dataset == "xor_gate":
        assert (found["kind"], found["feature_names"]) == ("boundary", ["x₁", "x₂"])
        x, y = found["x"], found["y"]
        assert np.shape(found["outputs"]) == (len(y), len(x))
        row = predict(table_run, [[value, y[3]] for value in x])
        np.testing.assert_allclose(found["outputs"][3], row[:, 0], rtol=1e-5)
        points = found["points"]
        assert [(point["inputs"], point["label"]) for point in points] == [
            ([0, 0], 0),
            ([0, 1], 1),
            ([1, 0], 1),
            ([1, 1], 0),
        ]
        outputs = predict(table_run, [point["inputs"] for point in points])[:, 0]
        np.testing.assert_allclose([point["output"] for point in points], outputs, rtol=1e-5)
        assert [point["predicted"] for point in points] == (outputs > 0.5).astype(int).tolist()
    elif dataset == "squares":
        assert (found["kind"], found["feature_names"], found["target_names"]) == ("curve", ["x"], ["y"])
        curve = predict(table_run, [[x, x**2] for x in found["x"]])
        np.testing.assert_allclose(found["outputs"], curve[:, 0], rtol=1e-4)
        assert [(point["x"], point["target"]) for point in found["points"]] == [(x, x**2) for x in range(1, 6)]
        of_points = predict(table_run, [[point["x"], point["x"] ** 2] for point in found["points"]])
        np.testing.assert_allclose([point["output"] for point in found["points"]], of_points[:, 0], rtol=1e-4)
    else:
        train = table_run.app.flask_app.extensions["misfit"].results.outputs(table_run.run_id).dataset.train
        assert (found["kind"], len(found["target_names"])) == ("scatter", 10)
        assert train.targets is not None
        np.testing.assert_allclose(found["true"], train.targets.ravel(), rtol=1e-5)
        np.testing.assert_allclose(found["predicted"], predict(table_run, train.inputs).ravel(), rtol=1e-4, atol=1e-5)


def test_the_outputs_of_every_epoch_are_stored(table_run: Trained) -> None:
    by_epoch = [table_run.get(f"/outputs?epoch={epoch}") for epoch in range(1, EPOCHS + 1)]
    assert [outputs["epoch"] for outputs in by_epoch] == [1, 2, 3]
    assert by_epoch[2] == table_run.get("/outputs")
    values = [outputs["predicted"] if outputs["kind"] == "scatter" else outputs["outputs"] for outputs in by_epoch]
    assert values[0] != values[1] != values[2] != values[0]
    for missing in (EPOCHS + 1, 10**12):
        error_of(table_run.client.get(f"{table_run.path}/outputs?epoch={missing}"), 404)
    assert error_of(table_run.client.get(f"{table_run.path}/outputs?epoch=0"), 422)["fields"]


@pytest.mark.parametrize(
    "part",
    [
        *("misclassified", "misclassified.csv", "misclassified.json", "misclassified.png", "misclassified?true=5"),
        *("confusion_matrix", "predictions/0", "calibration", "histories", "histories/0"),
    ],
)
def test_a_run_on_a_table_has_no_predictions_for_images(table_run: Trained, part: str) -> None:
    error = error_of(table_run.client.get(f"{table_run.path}/{part}"), 404)
    assert "learns from a table" in error["message"]


def test_a_run_on_a_table_has_no_images_of_weights(table_run: Trained) -> None:
    error_of(table_run.client.get(f"{table_run.path}/first_layer_weights.png"), 404)


def test_the_misclassified_page_of_a_run_on_a_table_redirects_to_the_run(table_run: Trained) -> None:
    response = table_run.client.get(f"/runs/{table_run.run_id}/misclassified")
    assert (response.status_code, response.location) == (302, f"/runs/{table_run.run_id}#outputs")


def test_metrics_that_do_not_apply_are_null(table_run: Trained) -> None:
    run = table_run.get("")
    is_regression = run["hyperparameters"]["dataset"] != "xor_gate"
    for epoch in table_run.get("/epochs")["items"]:
        assert (epoch["train_accuracy"] is None) == is_regression
        assert [epoch[name] for name in ("test_cost", "test_accuracy", "validation_cost")] == [None, None, None]
        assert epoch["non_finite"] == []
    assert (run["test_size"], run["validation_size"], run["best_epoch"]) == (0, 0, None)


def test_a_run_on_images_has_no_outputs_to_plot(trained: RunClient) -> None:
    error = error_of(trained.client.get(f"{trained.path}/outputs"), 404)
    assert "no outputs to plot" in error["message"]


def test_a_run_with_a_line_search_has_the_same_results(tmp_path_factory: pytest.TempPathFactory) -> None:
    chosen = {"optimizer": "lbfgs", "batching": "full_batch", "dtype": "float64"}
    with Trained(make_config(tmp_path_factory.mktemp("search")), **chosen) as trained:
        epochs = trained.get("/epochs")["items"]
        assert [epoch["learning_rate"] for epoch in epochs] == [None] * EPOCHS
        assert [epoch["gradient_evaluations"] >= epoch["epoch"] for epoch in epochs] == [True] * EPOCHS
        assert trained.get("")["stop_reason"] == "completed"


GATE: dict[str, Any] = {"dataset": "or_gate", "hidden_sizes": [], "batching": "full_batch", "initializer": "constant"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"dtype": "float64", "initializer_scale": 1e-12}, 0.5),  # ½ + 2.5e-13 is class 1
        ({"dtype": "float32", "initializer_scale": 30.0}, 1.0),  # 1 − 9e-14 is less than 1
    ],
)
def test_points_have_the_class_that_the_accuracy_counts(tmp_path: Path, values: Any, expected: float) -> None:
    chosen = {**GATE, **values, "use_bias": False, "loss": "binary_cross_entropy", "optimizer": "sgd"}
    with Trained(make_config(tmp_path), **chosen | {"learning_rate": 1e-30}) as trained:
        assert trained.get("/epochs")["items"][0]["train_accuracy"] == 1.0
        points = trained.get("/outputs")["points"]
        assert [point["predicted"] for point in points] == [0, 1, 1, 1]
        assert [point["output"] for point in points] == pytest.approx([0.5, expected, expected, expected], abs=1e-6)
        assert all(0.5 <= point["output"] < 1 for point in points)
