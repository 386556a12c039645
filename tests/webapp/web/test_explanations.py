"""Explanations of predictions, over HTTP, compared with values computed from the files of the run."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from nn.storage.checkpoint import load_checkpoint
from nn.storage.weights_history import WeightsHistory
from tests.support.app_client import EPOCHS, RunClient, Trained, error_of
from tests.support.datasets.idx_files import small_mnist_files, write_files
from tests.support.explained_runs import (
    base64_of,
    bytes_of,
    dataset_of,
    files_of,
    forward,
    misclassified_index,
    softmax,
)
from tests.support.run_engine import make_config


def probe(run: Trained, **members: Any) -> Any:
    response = run.client.post(f"{run.path}/probe", json=members)
    assert response.status_code == 200, response.text
    return response.get_json()


@pytest.mark.parametrize("epoch", [1, EPOCHS])
def test_logits_and_labels_are_those_of_the_network_of_the_epoch(run: Trained, epoch: int) -> None:
    test = dataset_of(run).test
    for index in (0, misclassified_index(run, epoch)):
        found = run.get(f"/explanations/{index}?epoch={epoch}")
        logits = forward(run, epoch, test.inputs[index] / 16)
        assert (found["epoch"], found["weights_epoch"], found["index"]) == (epoch, epoch, index)
        np.testing.assert_allclose(found["sums"], logits, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(found["probabilities"], softmax(logits), rtol=1e-5, atol=1e-9)
        true, (second, first) = test.labels[index], np.argsort(logits)[-2:]
        rival = second if first == true else true
        assert [found[f"{which}_label"] for which in ("true", "predicted", "rival")] == [true, first, rival]
        assert found["shape"] == [8, 8]
        np.testing.assert_array_equal(bytes_of(found["pixels"]), np.round(test.inputs[index] * (255 / 16)))


def test_contributions_of_units_and_biases_add_up_to_the_gap(run: Trained) -> None:
    index = misclassified_index(run, EPOCHS)
    found = run.get(f"/explanations/{index}")
    gap, logits = found["gap"], found["sums"]
    assert gap["value"] == pytest.approx(logits[found["predicted_label"]] - logits[found["rival_label"]], abs=1e-12)
    assert gap["value"] > 0
    contributions = [unit["contribution"] for unit in gap["units"]]
    assert sum(contributions) + gap["other_units"] + gap["biases"] == pytest.approx(gap["value"], abs=1e-10)
    assert abs(gap["error"]) < 1e-10
    assert [abs(part) for part in contributions] == sorted(map(abs, contributions), reverse=True)
    for unit in gap["units"]:
        assert unit["contribution"] == pytest.approx(unit["activation"] * unit["weight_difference"], abs=1e-12)
    sizes = run.app.runs.get(run.run_id).hyperparameters.hidden_sizes
    assert gap["n_units"] == (sizes[-1] if sizes else 0)
    assert len(gap["units"]) == min(12, gap["n_units"])
    assert gap["pictures"] == {0: None, 1: "weights", 2: "gradients"}[len(sizes)]


def test_images_of_units_show_their_weights_on_one_scale(run: Trained) -> None:
    gap = run.get("/explanations/0")["gap"]
    if gap["pictures"] == "weights":
        with WeightsHistory.open(files_of(run).weights) as history:
            weights = history.read(EPOCHS)[: 64 * 20].reshape(64, 20)
        shown = weights[:, [unit["unit"] for unit in gap["units"]]]
        assert gap["scale"] == pytest.approx(np.abs(shown).max())
        levels = np.stack([bytes_of(unit["levels"], np.int8) for unit in gap["units"]], axis=1)
        np.testing.assert_allclose(levels * (gap["scale"] / 127), shown, atol=gap["scale"] / 127)
    elif gap["pictures"] is None:
        assert (gap["units"], gap["scale"]) == ([], 0)
    else:
        assert max(np.abs(bytes_of(unit["levels"], np.int8)).max() for unit in gap["units"]) == 127


def test_contributions_of_pixels_and_the_rest_add_up_to_the_gap(run: Trained) -> None:
    found = run.get(f"/explanations/{misclassified_index(run, EPOCHS)}")
    attribution = found["evidence"]
    assert (attribution["method"], attribution["steps"]) == ("linear", None)
    assert attribution["pixels"] + attribution["rest"] == pytest.approx(found["gap"]["value"], abs=1e-9)
    shown = bytes_of(attribution["levels"], np.int8) * (attribution["scale"] / 127)
    assert shown.sum() == pytest.approx(attribution["pixels"], abs=64 * attribution["scale"] / 127 / 2)
    assert not shown[bytes_of(found["pixels"]) == 0].any()  # black pixels contribute nothing


def test_the_shift_map_has_the_predictions_for_shifted_images(run: Trained) -> None:
    index = misclassified_index(run, EPOCHS)
    shifts = run.get(f"/explanations/{index}")["shifts"]
    image = dataset_of(run).test.inputs[index].reshape(8, 8)
    assert (shifts["reach"], np.shape(shifts["predicted"]), np.shape(shifts["confidence"])) == (4, (9, 9), (9, 9))
    for down, right in ((0, 0), (-4, -4), (1, 0), (0, 1), (2, -3), (4, 4)):
        shifted = ndimage.shift(image.astype(float), (down, right), order=0, mode="constant")
        outputs = softmax(forward(run, EPOCHS, shifted.ravel() / 16))
        assert shifts["predicted"][4 + down][4 + right] == outputs.argmax()
        assert shifts["confidence"][4 + down][4 + right] == pytest.approx(outputs.max(), rel=1e-5)


def test_the_counterfactual_of_a_misclassified_image_is_near_and_classified_correctly(run: Trained) -> None:
    index = misclassified_index(run, EPOCHS)
    explained, found = run.get(f"/explanations/{index}"), run.get(f"/explanations/{index}/repair")
    assert (found["found"], found["epoch"], found["weights_epoch"]) == (True, EPOCHS, EPOCHS)
    assert found["predicted_label"] == explained["true_label"] == int(np.argmax(found["sums"]))
    change = bytes_of(found["levels"], np.int8) * (found["scale"] / 127)
    assert found["size"] == pytest.approx(np.linalg.norm(change), rel=0.02)
    image = dataset_of(run).test.inputs[index] / 16
    np.testing.assert_allclose(bytes_of(found["pixels"]) / 255, image + change, atol=0.05)
    np.testing.assert_allclose(found["sums"], forward(run, EPOCHS, bytes_of(found["pixels"]) / 255), atol=1e-6)
    np.testing.assert_allclose(found["probabilities"], softmax(np.array(found["sums"])), rtol=1e-6)
    # Smaller changes toward training images of the true class do not correct the prediction.
    train = dataset_of(run).train
    for target in train.inputs[train.labels == explained["true_label"]][:100] / 16:
        direction = target - image
        steps = found["size"] / np.linalg.norm(direction) * np.linspace(0, 0.99, 50)[:, np.newaxis]
        labels = forward(run, EPOCHS, image + steps * direction).argmax(axis=1)
        assert (labels != explained["true_label"]).all()


def test_a_correctly_classified_image_has_no_counterfactual(run: Trained) -> None:
    test = dataset_of(run).test
    index = int(np.flatnonzero(forward(run, EPOCHS, test.inputs / 16).argmax(axis=1) == test.labels)[0])
    error = error_of(run.client.get(f"{run.path}/explanations/{index}/repair"), 409)
    assert "nothing to correct" in error["message"]


def test_images_can_be_sorted_by_smallest_change(run: Trained) -> None:
    before = run.get("/misclassified?limit=500")["items"]
    assert {item["change"] for item in before} <= {None} or files_of(run).counterfactual_sizes(EPOCHS).exists()
    items = run.get("/misclassified?sort=change&order=asc&limit=500")["items"]
    sizes = [item["change"] for item in items]
    assert sizes == sorted(sizes)
    assert {item["index"] for item in items} == {item["index"] for item in before}
    for item in (items[0], items[-1]):
        assert item["change"] == pytest.approx(run.get(f"/explanations/{item['index']}/repair")["size"], rel=1e-5)
    assert run.get(f"/predictions/{items[0]['index']}")["change"] == sizes[0]
    assert run.get("/misclassified?limit=1")["items"][0]["change"] is not None  # the sort above has stored it


def test_a_probe_without_changes_equals_the_explanation(run: Trained) -> None:
    explained, probed = run.get("/explanations/3?epoch=2"), probe(run, index=3, epoch=2)
    assert set(probed) == {"epoch", "weights_epoch", "shape", "pixels", "sums", "probabilities", "predicted_label"}
    assert probed == {name: explained[name] for name in probed}


def test_a_probe_of_other_pixels_has_the_logits_of_the_network(run: Trained) -> None:
    painted = np.random.default_rng(0).integers(0, 256, 64)
    probed = probe(run, index=0, pixels=base64_of(painted))
    np.testing.assert_allclose(probed["sums"], forward(run, EPOCHS, painted / 255), rtol=1e-6, atol=1e-6)
    assert probed["predicted_label"] == int(np.argmax(probed["sums"]))
    np.testing.assert_array_equal(bytes_of(probed["pixels"]), painted)


def test_a_probe_shifts_blurs_rotates_and_thickens_the_image(run: Trained) -> None:
    image = dataset_of(run).test.inputs[5].reshape(8, 8) / 16
    expected = {
        "shift": ndimage.shift(image, (2, -1), order=0),
        "blur": ndimage.gaussian_filter(image, 1.5, mode="constant"),
        "thickness": ndimage.grey_dilation(image, footprint=ndimage.generate_binary_structure(2, 1)),
        "rotation": ndimage.rotate(image, -30, reshape=False, order=3, mode="grid-constant").clip(0, 1),
    }
    for name, value in (("shift", [2, -1]), ("blur", 1.5), ("thickness", 1), ("rotation", 30)):
        probed = probe(run, index=5, **{name: value})
        logits = forward(run, EPOCHS, expected[name].ravel())
        np.testing.assert_allclose(probed["sums"], logits, rtol=1e-6, atol=1e-6, err_msg=name)
        assert (bytes_of(probed["pixels"]) != bytes_of(probe(run, index=5)["pixels"])).any()


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({}, ["index"]),
        ({"index": None}, ["index"]),
        ({"index": 359}, ["index"]),
        ({"index": True}, ["index"]),
        ({"index": 0, "epoch": 0}, ["epoch"]),
        ({"index": 0, "epoch": EPOCHS + 1}, ["epoch"]),
        ({"index": 0, "pixels": ""}, ["pixels"]),
        ({"index": 0, "pixels": [0] * 64}, ["pixels"]),
        ({"index": 0, "pixels": base64_of([0] * 63)}, ["pixels"]),
        ({"index": 0, "pixels": base64_of([0] * 64)[:-2]}, ["pixels"]),
        ({"index": 0, "pixels": "\u00e9" * 88}, ["pixels"]),
        ({"index": 0, "shift": [5, 0]}, ["shift"]),
        ({"index": 0, "shift": [1]}, ["shift"]),
        ({"index": 0, "shift": [0.5, 0]}, ["shift"]),
        ({"index": 0, "shift": [True, 0]}, ["shift"]),
        ({"index": 0, "rotation": 46, "thickness": -3, "blur": -0.1}, ["rotation", "thickness", "blur"]),
        ({"index": 0, "rotation": "5", "blur": True}, ["rotation", "blur"]),
        ({"index": 0, "rotation": float("nan"), "blur": float("inf")}, ["rotation", "blur"]),
        ({"index": 0, "zoom": 2}, ["zoom"]),
    ],
)
def test_an_error_names_the_invalid_fields_of_a_probe(trained: RunClient, members: Any, fields: list[str]) -> None:
    response = trained.client.post(f"{trained.path}/probe", json=members)
    assert list(error_of(response, 422)["fields"]) == fields


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None, max_examples=80)
@given(
    st.fixed_dictionaries(
        {"index": st.integers(0, 358)},
        optional={
            "shift": json_values | st.lists(st.integers(-5, 5), min_size=2, max_size=2),
            "rotation": json_values | st.floats(-45, 45),
            "thickness": json_values | st.floats(-2, 2),
            "blur": json_values | st.floats(0, 2),
            "pixels": json_values | st.binary(min_size=64, max_size=64).map(lambda pixels: base64_of(list(pixels))),
            "epoch": json_values | st.integers(1, EPOCHS),
        },
    )
)
def test_no_probe_causes_a_server_error(trained: RunClient, members: dict[str, Any]) -> None:
    response = trained.client.post(f"{trained.path}/probe", json=members)
    assert response.status_code in {200, 422}, response.text
    if response.status_code == 200:
        probed = response.get_json()
        assert sum(probed["probabilities"]) == pytest.approx(1)
        assert len(bytes_of(probed["pixels"])) == 64


def test_an_error_describes_the_format_of_pixels(trained: RunClient) -> None:
    response = trained.client.post(f"{trained.path}/probe", json={"index": 0, "pixels": "AAAA"})
    assert error_of(response, 422)["fields"]["pixels"] == "must be 64 bytes in base64, one for each of 8×8 pixels"


def test_a_missing_image_epoch_or_run_is_not_found(trained: RunClient) -> None:
    for path in (f"/explanations/359{part}" for part in ("", "/examples", "/repair", ".html")):
        assert "no image 359" in error_of(trained.client.get(trained.path + path), 404)["message"]
    for path in (f"/explanations/0{part}?epoch={EPOCHS + 1}" for part in ("", "/examples", "/repair", ".html")):
        assert f"no epoch {EPOCHS + 1}" in error_of(trained.client.get(trained.path + path), 404)["message"]
    error_of(trained.client.get("/api/runs/99/explanations/0"), 404)
    assert error_of(trained.client.get(f"{trained.path}/explanations/0?unit=1"), 422)["fields"]


def test_explanations_use_cropped_images_and_standardized_inputs(tmp_path: Any) -> None:
    config = make_config(tmp_path)
    write_files(config.datasets_dir / "fashion_mnist", small_mnist_files(60, 20))
    chosen = {"dataset": "fashion_mnist", "crop": "center_20", "input_scaling": "standardize", "batch_size": 10}
    with Trained(config, **chosen, validation_fraction=0.5, activation="relu") as run:
        checkpoint = load_checkpoint(files_of(run).checkpoint("last"))
        cropped = dataset_of(run).test.inputs.reshape(-1, 28, 28)[:, 4:24, 4:24].reshape(-1, 400)
        expected = forward(run, EPOCHS, (cropped - checkpoint.scaling_offset) * checkpoint.scaling_scale)

        found = run.get("/explanations/7")
        assert found["shape"] == [20, 20]
        np.testing.assert_array_equal(bytes_of(found["pixels"]), cropped[7])
        np.testing.assert_allclose(found["sums"], expected[7], rtol=1e-5, atol=1e-5)
        assert len(bytes_of(found["evidence"]["levels"], np.int8)) == 400
        np.testing.assert_allclose(probe(run, index=0, pixels=base64_of(cropped[9]))["sums"], expected[9], rtol=1e-5)
        error_of(run.client.post(f"{run.path}/probe", json={"index": 0, "pixels": base64_of([0] * 784)}), 422)
        assert Image.open(io.BytesIO(run.client.get(f"{run.path}/first_layer_weights.png?epoch=1&unit=0").data)).size


def test_a_diverged_network_has_no_explanations(tmp_path: Any) -> None:
    chosen = {"optimizer": "sgd", "learning_rate": 1e9, "divergence_factor": 1e300, "epochs": 3, "hidden_sizes": [12]}
    with Trained(make_config(tmp_path), **chosen) as run:
        last = run.app.runs.get(run.run_id).epochs_completed
        assert last > 0
        for part in ("", "/examples", "/repair", ".html"):
            error = error_of(run.client.get(f"{run.path}/explanations/0{part}?epoch={last}"), 409)
            assert "has diverged" in error["message"]
        error_of(run.client.post(f"{run.path}/probe", json={"index": 0}), 409)


def test_a_run_on_a_table_has_no_explanations(tmp_path: Any) -> None:
    chosen = {"dataset": "xor_gate", "loss": "binary_cross_entropy", "batching": "full_batch"}
    with Trained(make_config(tmp_path), **chosen) as run:
        for part in ("", "/examples", "/repair", ".html"):
            assert "a table" in error_of(run.client.get(f"{run.path}/explanations/0{part}"), 404)["message"]
        error_of(run.client.post(f"{run.path}/probe", json={"index": 0}), 404)
        error_of(run.client.get(f"{run.path}/first_layer_weights.png?epoch=1"), 404)
