"""The weights and training images that explanations use, and the errors if they are missing or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gevent
import numpy as np
import pytest

from nn.datasets.splitting import split_validation
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.storage.weights_history import WeightsHistory
from nn.training.schedules import learning_rate
from tests.support.app_client import EPOCHS, RunClient, Trained, error_of
from tests.support.explained_runs import dataset_of, files_of, forward
from tests.support.run_engine import ENDLESS, Engine, make_config
from webapp.explanations import counterfactual_sizes


@pytest.fixture(scope="module")
def exact_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """A run in float64, whose numbers can be checked to many digits."""
    chosen = {"dtype": "float64", "schedule": "cosine", "validation_fraction": 0.2, "epochs": 9}
    with Trained(make_config(tmp_path_factory.mktemp("exact")), **chosen) as run:
        yield run


def training_split_of(run: Trained) -> Any:
    """Return the training split of `exact_run`, computed from its hyperparameters."""
    return split_validation(dataset_of(run), 0.2, 0).train


def test_the_nearest_training_images_equal_those_of_an_exhaustive_search(exact_run: Trained) -> None:
    train = training_split_of(exact_run)
    inputs = dataset_of(exact_run).test.inputs[11] / 16
    found = exact_run.get("/explanations/11/examples")
    distances = np.linalg.norm(train.inputs[train.rows] / 16 - inputs, axis=1)
    nearest = np.argsort(distances, kind="stable")[:5]
    assert [image["index"] for image in found["by_pixels"]] == train.rows[nearest].tolist()
    assert [image["label"] for image in found["by_pixels"]] == train.labels[nearest].tolist()
    np.testing.assert_allclose([image["distance"] for image in found["by_pixels"]], distances[nearest])

    with WeightsHistory.open(files_of(exact_run).weights) as history:
        parameters = history.read(9)

    def activations(inputs: Any) -> Any:
        return np.maximum(inputs @ parameters[: 64 * 12].reshape(64, 12) + parameters[64 * 12 : 65 * 12], 0)

    distances = np.linalg.norm(activations(train.inputs[train.rows] / 16) - activations(inputs), axis=1)
    nearest = np.argsort(distances, kind="stable")[:5]
    assert [image["index"] for image in found["by_hidden"]] == train.rows[nearest].tolist()
    np.testing.assert_allclose([image["distance"] for image in found["by_hidden"]], distances[nearest])


def test_training_influence_equals_the_change_of_the_gap_by_a_gradient_step(exact_run: Trained) -> None:
    h = Hyperparameters.parse(exact_run.app.runs.get(exact_run.run_id).hyperparameters)
    dataset, explained = dataset_of(exact_run), exact_run.get("/explanations/11")
    predicted, rival = explained["predicted_label"], explained["rival_label"]
    found = exact_run.get("/explanations/11/examples")
    assert found["checkpoints"] == [1, 2, 4, 8, 9]

    def gap(parameters: Any) -> float:
        logits = forward(exact_run, 0, dataset.test.inputs[11] / 16, parameters)
        return float(logits[predicted] - logits[rival])

    def influence(row: int) -> float:
        total = 0.0
        for epoch, epochs in {1: [1], 2: [2], 4: [3, 4, 5], 8: [6, 7, 8], 9: [9]}.items():
            with WeightsHistory.open(files_of(exact_run).weights) as history:
                parameters = history.read(epoch)
            network = Network.from_parameters(h, 64, 10, parameters)
            network.forward(dataset.train.inputs[row : row + 1] / 16.0)
            network.backward(np.eye(10)[dataset.train.labels[row : row + 1]])
            step = 1e-6 * network.gradient
            slope = (gap(parameters - step) - gap(parameters + step)) / 2e-6
            total += sum(learning_rate(h, covered) for covered in epochs) / h.batch_size * slope
        return total

    images = found["pushes"]
    sizes = [abs(image["push"]) for image in images]
    assert sizes == sorted(sizes, reverse=True)
    for image in images:
        assert image["push"] == pytest.approx(influence(image["index"]), rel=1e-5)
        assert image["label"] == dataset.train.labels[image["index"]]
    listed = {image["index"] for image in images}
    others = [row for row in training_split_of(exact_run).rows[::40].tolist() if row not in listed]
    assert max(abs(influence(row)) for row in others) <= sizes[-1]


def test_training_influence_uses_the_weights_of_the_epoch_and_of_earlier_ones(exact_run: Trained) -> None:
    assert exact_run.get("/explanations/0/examples?epoch=6")["checkpoints"] == [1, 2, 4, 6]
    assert exact_run.get("/explanations/0/examples?epoch=1")["checkpoints"] == [1]


def test_without_a_hidden_layer_training_images_are_compared_by_pixels_only(tmp_path: Any) -> None:
    with Trained(make_config(tmp_path), hidden_sizes=[]) as run:
        found = run.get("/explanations/0/examples")
        assert found["by_hidden"] is None
        assert len(found["by_pixels"]) == len(found["pushes"]) == 5


def test_the_weights_of_the_nearest_stored_epoch_are_used_and_reported(trained_copy: RunClient) -> None:
    files = files_of(trained_copy)
    with WeightsHistory.open(files.weights) as history:
        first = history.read(1)
    with WeightsHistory.create(files.weights, first.size, 4) as history:
        history.append(1, first)
    files.checkpoint("best").unlink()
    found = trained_copy.get("/explanations/0?epoch=2")  # the stored epochs 1 and 3 are equally near
    assert (found["epoch"], found["weights_epoch"]) == (2, 1)
    assert trained_copy.get("/explanations/0")["weights_epoch"] == EPOCHS
    np.testing.assert_allclose(
        found["sums"], forward(trained_copy, 1, dataset_of(trained_copy).test.inputs[0] / 16), rtol=1e-6
    )


def test_a_run_without_stored_weights_is_explained_by_its_checkpoint(trained_copy: RunClient) -> None:
    files, expected = files_of(trained_copy), trained_copy.get("/explanations/0")
    files.weights.unlink()
    files.train_rows.unlink()
    files.checkpoint("best").unlink()
    with RunClient(trained_copy.config, trained_copy.run_id) as later:
        assert later.get("/explanations/0") == expected
        error = error_of(later.client.get(f"{later.path}/explanations/0?epoch=1"), 409)
        assert "stored the weights of epoch 3, not of epoch 1" in error["message"]
        assert "train the run again" in error["message"]
        error = error_of(later.client.get(f"{later.path}/explanations/0/examples"), 409)
        assert "Train it again" in error["message"]
        page = later.client.get(f"{later.path}/explanations/0.html")
        assert page.status_code == 200
        assert "Train it again" in page.text


def test_an_explanation_without_any_weights_fails_with_the_remedy(trained_copy: RunClient) -> None:
    files = files_of(trained_copy)
    for path in (files.weights, files.checkpoint("best"), files.checkpoint("last")):
        path.unlink()
    error = error_of(trained_copy.client.get(f"{trained_copy.path}/explanations/0"), 404)
    assert "Train it again" in error["message"]


@pytest.mark.parametrize("content", [b"", b"MISFITW1", b"MISFITW1" + b"\xff" * 8, b"something else" * 100])
def test_damaged_weights_are_reported(trained_copy: RunClient, content: bytes) -> None:
    files = files_of(trained_copy)
    files.weights.write_bytes(content)
    files.checkpoint("best").unlink()
    files.checkpoint("last").write_bytes(content)
    error_of(trained_copy.client.get(f"{trained_copy.path}/explanations/0"), 409)


def test_a_damaged_record_of_weights_is_reported(trained_copy: RunClient) -> None:
    path = files_of(trained_copy).weights
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    assert "damaged" in error_of(trained_copy.client.get(f"{trained_copy.path}/explanations/0?epoch=1"), 409)["message"]
    assert trained_copy.get("/explanations/0?epoch=2")["weights_epoch"] == 2


@pytest.mark.parametrize("content", [b"", b"rows", b"\x93NUMPY" + b"\xff" * 200])
def test_damaged_training_rows_are_reported(trained_copy: RunClient, content: bytes) -> None:
    files_of(trained_copy).train_rows.write_bytes(content)
    error_of(trained_copy.client.get(f"{trained_copy.path}/explanations/0/examples"), 409)


def test_training_rows_outside_the_data_set_are_reported(trained_copy: RunClient) -> None:
    np.save(files_of(trained_copy).train_rows, np.array([0, 1438], np.int32))
    error_of(trained_copy.client.get(f"{trained_copy.path}/explanations/0/examples"), 409)


def test_a_run_is_explained_while_it_trains(tmp_path: Any) -> None:
    config = make_config(tmp_path)
    with Engine(config) as engine:
        run = engine.create(**ENDLESS | {"epochs": 5000}, input_scaling="standardize")
        engine.wait_for_epoch(run.id, 2)
        with RunClient(config, run.id) as dashboard:
            explained = dashboard.get("/explanations/0?epoch=2")
            assert explained["weights_epoch"] == 2
            assert set(dashboard.get("/explanations/0/examples?epoch=2")["checkpoints"]) <= {1, 2}
        engine.runs.stop(run.id)


def test_counterfactual_sizes_are_stored_and_computed_again_if_the_file_is_damaged(trained_copy: RunClient) -> None:
    path, sort = (
        files_of(trained_copy).counterfactual_sizes(3),
        "/misclassified?sort=change&order=asc&limit=500&epoch=3",
    )
    expected = trained_copy.get(sort)
    written = path.read_bytes()
    with RunClient(trained_copy.config, trained_copy.run_id) as later:
        assert later.get("/misclassified?sort=index&order=asc&limit=1&epoch=3")["items"][0]["change"] is not None
        assert later.get(sort) == expected
        assert path.stat().st_size == len(written)
    for content in (b"", written[:-30], written.replace(b"sizes", b"seizs")):
        path.write_bytes(content)
        with RunClient(trained_copy.config, trained_copy.run_id) as later:
            assert later.get("/misclassified?limit=1&epoch=3")["items"][0]["change"] is None
            assert later.get(sort) == expected
        assert len(path.read_bytes()) == len(written)


def test_counterfactual_sizes_of_another_epoch_are_not_used(trained_copy: RunClient) -> None:
    files = files_of(trained_copy)
    trained_copy.get("/misclassified?sort=change&epoch=3")
    files.counterfactual_sizes(3).rename(files.counterfactual_sizes(2))
    with RunClient(trained_copy.config, trained_copy.run_id) as later:
        assert later.get("/misclassified?limit=1&epoch=2")["items"][0]["change"] is None


def test_counterfactual_sizes_of_an_earlier_search_are_not_used(
    trained_copy: RunClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(counterfactual_sizes, "SEARCH_VERSION", counterfactual_sizes.SEARCH_VERSION - 1)
        trained_copy.get("/misclassified?sort=change&epoch=3")
    with RunClient(trained_copy.config, trained_copy.run_id) as later:
        assert later.get("/misclassified?limit=1&epoch=3")["items"][0]["change"] is None


def test_deleting_a_run_deletes_the_files_of_its_explanations(trained_copy: RunClient) -> None:
    trained_copy.get("/explanations/0/examples")
    trained_copy.get("/misclassified?sort=change")
    folder = files_of(trained_copy).folder
    assert files_of(trained_copy).activations.is_dir()
    assert trained_copy.client.delete(trained_copy.path).status_code == 204
    assert not folder.exists()
    error_of(trained_copy.client.get(f"{trained_copy.path}/explanations/0/examples"), 404)
    assert not folder.exists()


def test_an_explanation_of_a_run_that_is_deleted_meanwhile_leaves_no_files(trained_copy: RunClient) -> None:
    request = gevent.spawn(trained_copy.client.get, f"{trained_copy.path}/explanations/0/examples")
    gevent.sleep(0)  # the request runs until it waits for a thread
    assert trained_copy.client.delete(trained_copy.path).status_code == 204
    assert request.get(timeout=60).status_code in {404, 409}
    assert not files_of(trained_copy).folder.exists()
