"""Data files that change while a server runs, or after a run was tested on them."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.storage.weights_history import WeightsHistory
from tests.support.app_client import RunClient, Trained, error_of
from tests.support.datasets.idx_files import small_mnist_files, write_files
from tests.support.run_engine import Engine, make_config
from webapp.config import Config
from webapp.storage.run_status import ENDED

NOTICE = "These are not the images this run was tested on."
CHOICES: dict[str, Any] = {"dataset": "mnist", "validation_fraction": 0, "batch_size": 10, "epochs": 2}
FILES, OTHER_FILES = small_mnist_files(30, 20), small_mnist_files(30, 20, seed=1)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a finished run on a small MNIST."""
    config = make_config(tmp_path_factory.mktemp("changed-once"))
    put_files(config, FILES)
    with Trained(config, **CHOICES):
        return config.data_dir


@pytest.fixture
def run(once: Path, tmp_path: Path) -> Any:
    shutil.copytree(once, tmp_path / "data")
    with RunClient(make_config(tmp_path / "data")) as run:
        yield run


def put_files(config: Config, files: dict[str, bytes]) -> None:
    write_files(config.datasets_dir / "mnist", files)


def page_shows_notice(run: RunClient, path: str) -> bool:
    text = run.client.get(path).text
    (element,) = [line for line in text.splitlines() if 'id="images-notice"' in line]
    return "hidden" not in element


def image_bytes(run: RunClient, split: str, index: int) -> bytes:
    content: bytes = run.client.get(f"/api/datasets/mnist/{split}/pixels?indices={index}").data
    return content


def stored_image(files: dict[str, bytes], split: str, index: int) -> bytes:
    return files[f"{split}-images-idx3-ubyte"][16 + index * 784 : 16 + (index + 1) * 784]


EXPLANATIONS = ["explanations/3", "explanations/3/examples", "explanations/3/repair", "explanations/3.html"]


def test_replaced_files_are_noticed_while_the_server_runs(run: RunClient) -> None:
    stored = run.get("")
    assert len(stored["test_fingerprint"]) == len(stored["train_fingerprint"]) == 32
    assert run.get("/misclassified")["images_match"] is True
    assert run.get("/explanations/3")["predicted_label"] == run.list_images("answer=any")[3]["predicted_label"]
    assert image_bytes(run, "test", 3) == stored_image(FILES, "t10k", 3)
    before = run.client.get(f"{run.path}/confusion_matrix").get_etag()
    assert not page_shows_notice(run, "/runs/1")
    assert not page_shows_notice(run, "/runs/1/misclassified")

    put_files(run.config, OTHER_FILES)
    assert image_bytes(run, "test", 3) == stored_image(OTHER_FILES, "t10k", 3)
    assert run.get("/misclassified")["images_match"] is False
    assert run.get("/predictions/3")["images_match"] is False
    assert run.get("/misclassified.json")["images_match"] is False
    rows = list(csv.DictReader(io.StringIO(run.client.get(f"{run.path}/misclassified.csv?answer=any").text)))
    assert {row["images_match"] for row in rows} == {"0"}
    assert run.client.get(f"{run.path}/confusion_matrix").get_etag() != before
    assert page_shows_notice(run, "/runs/1")
    assert page_shows_notice(run, "/runs/1/misclassified")
    for path in (*EXPLANATIONS, "misclassified?sort=change"):
        assert error_of(run.client.get(f"{run.path}/{path}"), 409)["message"].startswith("These are not the images")
    error_of(run.client.post(f"{run.path}/probe", json={"index": 3}), 409)
    error_of(run.client.post(f"{run.path}/guesses", json={"index": 3, "label": 1}), 409)
    assert run.get("/guesses")["score"]["guesses"] == 0

    put_files(run.config, FILES)
    assert run.get("/misclassified")["images_match"] is True
    assert not page_shows_notice(run, "/runs/1")
    assert run.client.get(f"{run.path}/confusion_matrix").get_etag() == before
    for path in EXPLANATIONS[:2]:
        assert run.client.get(f"{run.path}/{path}").status_code == 200


def test_labels_and_images_change_together_and_a_new_run_matches_the_new_files(run: RunClient) -> None:
    labels = {name: content[:8] + bytes(20) for name, content in OTHER_FILES.items() if name.startswith("t10k-labels")}
    assert run.list_images("answer=any")[7]["true_label"] == 7
    put_files(run.config, {**OTHER_FILES, **labels})
    listed = run.list_images("answer=any")
    assert {item["true_label"] for item in listed} == {0}
    assert sum(map(sum, run.get("/confusion_matrix")["matrix"])) == sum(run.get("/confusion_matrix")["matrix"][0]) == 20

    again = run.app.runs.create(hyperparameters=CHOICES)
    Engine.wait(lambda: run.app.runs.get(again.id).status in ENDED, what="the second run has ended")
    found = run.client.get(f"/api/runs/{again.id}/misclassified?answer=any").get_json()
    assert (found["images_match"], found["total"]) == (True, 20)
    assert run.get("/misclassified")["images_match"] is False


def test_if_only_the_training_images_changed_only_they_cannot_be_shown(run: RunClient) -> None:
    assert run.client.get(f"{run.path}/explanations/3/examples").status_code == 200
    put_files(run.config, {name: content for name, content in OTHER_FILES.items() if name.startswith("train")})
    assert run.get("/misclassified")["images_match"] is True
    assert run.client.get(f"{run.path}/explanations/3").status_code == 200
    message = error_of(run.client.get(f"{run.path}/explanations/3/examples"), 409)["message"]
    assert message.startswith("These are not the images that run 1 was trained on")


def test_a_file_of_the_same_size_and_time_is_noticed(run: RunClient) -> None:
    folder = run.config.datasets_dir / "mnist"
    shutil.rmtree(folder)
    write_files(folder, FILES, zipped=False)
    path = folder / "t10k-images-idx3-ubyte"
    assert image_bytes(run, "test", 3) == stored_image(FILES, "t10k", 3)
    status = path.stat()
    path.with_suffix(".new").write_bytes(OTHER_FILES[path.name])
    path.with_suffix(".new").replace(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert image_bytes(run, "test", 3) == stored_image(OTHER_FILES, "t10k", 3)
    assert run.get("/misclassified")["images_match"] is False


def test_a_test_set_of_another_size_is_reported_with_the_remedy(run: RunClient) -> None:
    put_files(run.config, small_mnist_files(30, 25))
    message = error_of(run.client.get(f"{run.path}/misclassified"), 404)["message"]
    assert "it was tested on 20 images, and MNIST now has 25. Put the original files back" in message
    assert page_shows_notice(run, "/runs/1/misclassified")


def test_deleted_files_remain_available_until_the_server_ends(run: RunClient) -> None:
    assert run.get("/misclassified")["images_match"] is True
    shutil.rmtree(run.config.datasets_dir / "mnist")
    assert image_bytes(run, "test", 3) == stored_image(FILES, "t10k", 3)
    assert run.get("/misclassified")["images_match"] is True


def test_a_damaged_replacement_is_an_error_and_not_the_old_images(run: RunClient) -> None:
    assert run.client.get("/api/datasets/mnist/test").status_code == 200
    put_files(run.config, {"t10k-images-idx3-ubyte": b"half"})
    assert "t10k-images-idx3-ubyte.gz" in error_of(run.client.get("/api/datasets/mnist/test"), 409)["message"]
    put_files(run.config, FILES)
    assert run.client.get("/api/datasets/mnist/test").status_code == 200


def test_a_run_of_an_earlier_version_says_nothing(once: Path, tmp_path: Path) -> None:
    shutil.copytree(once, tmp_path / "data")
    with closing(sqlite3.connect(tmp_path / "data" / "misfit.db")) as connection, connection:
        connection.execute("UPDATE run SET train_fingerprint = NULL, test_fingerprint = NULL")
    config = make_config(tmp_path / "data")
    put_files(config, OTHER_FILES)
    with RunClient(config) as run:
        assert run.get("")["test_fingerprint"] is None
        assert run.get("/misclassified")["images_match"] is None
        assert not page_shows_notice(run, "/runs/1/misclassified")
        assert run.client.get(f"{run.path}/explanations/3").status_code == 200
        rows = list(csv.DictReader(io.StringIO(run.client.get(f"{run.path}/misclassified.csv?answer=any").text)))
        assert {row["images_match"] for row in rows} == {""}


def test_files_that_are_not_the_published_ones_are_named_in_the_response_and_on_the_page(run: RunClient) -> None:
    by_name = {item["name"]: item for item in run.client.get("/api/datasets").get_json()["items"]}
    warning = by_name["mnist"]["file_warning"]
    assert warning.startswith("These are not the published files of MNIST.")
    assert f"t10k-labels-idx1-ubyte.gz in {run.config.datasets_dir / 'mnist'}: of unknown origin." in warning
    assert by_name["digits"]["file_warning"] is by_name["fashion_mnist"]["file_warning"] is None
    assert 'id="file-warning"' in run.client.get("/datasets/mnist").text
    assert 'id="file-warning"' not in run.client.get("/datasets/fashion_mnist").text


def test_a_file_of_training_rows_that_claims_373_gib_is_an_error_of_the_run(run: RunClient) -> None:
    header = {"descr": "<i4", "fortran_order": False, "shape": (100_000_000_000,)}
    with run.services.results.files(1).train_rows.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
    message = error_of(run.client.get(f"{run.path}/explanations/3/examples"), 409)["message"]
    assert "did not store which training images it used" in message


def test_weights_of_the_run_do_not_depend_on_the_files(run: RunClient) -> None:
    put_files(run.config, OTHER_FILES)
    assert run.client.get(f"{run.path}/first_layer_weights.png?epoch=1").status_code == 200
    with WeightsHistory.open(run.services.results.files(1).weights) as history:
        assert list(history.stored_epochs) == [1, 2]
