"""Data sets over HTTP: their facts and their images."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from nn.datasets import BUILT_IN_DATASETS, load_dataset
from tests.support.app_client import error_of
from tests.support.datasets.idx_files import small_mnist_files, write_files
from tests.support.run_engine import make_config
from webapp.app import App, create_app
from webapp.config import Config


def test_all_data_sets_are_listed(empty_client: FlaskClient) -> None:
    listed = empty_client.get("/api/datasets").get_json()
    items = {item["name"]: item for item in listed["items"]}
    assert list(items) == list(BUILT_IN_DATASETS.names)
    assert listed["total"] == len(BUILT_IN_DATASETS)
    digits = items["digits"]
    assert (digits["available"], digits["fetch"], digits["download_bytes"]) == (True, None, 0)
    assert (digits["image_shape"], digits["pixel_max"], digits["class_names"]) == ([8, 8], 16, list("0123456789"))
    assert (digits["train_size"], digits["test_size"]) == (1438, 359)
    assert (items["mnist"]["available"], items["mnist"]["download_bytes"] > 10_000_000) == (False, True)
    for item in items.values():
        assert all(item[fact] for fact in ("title", "description", "credit", "license", "homepage"))


def test_the_numbers_of_images_come_from_the_files(config: Config) -> None:
    write_files(config.datasets_dir / "mnist", small_mnist_files(n_train=100, n_test=20))
    app = create_app(config)
    client = app.flask_app.test_client()
    mnist = next(item for item in client.get("/api/datasets").get_json()["items"] if item["name"] == "mnist")
    assert (mnist["train_size"], mnist["test_size"]) == (100, 20)
    page = client.get("/datasets/mnist").text
    assert re.findall(r"<dt>(\w+ images)</dt><dd>([0-9,]+)</dd>", page) == [
        ("Training images", "100"),
        ("Test images", "20"),
    ]
    assert "The published data set has 60,000 training images and 10,000 test images" in page
    for index, status in ((99, 200), (100, 422)):
        body = {"indices": [index], "flagged": True}
        assert client.patch("/api/datasets/mnist/train/annotations", json=body).status_code == status
    app.close()


@pytest.mark.parametrize("split", ["train", "test"])
def test_images_are_listed_by_class_in_pages(empty_client: FlaskClient, config: Config, split: str) -> None:
    dataset = load_dataset("digits", datasets_dir=config.datasets_dir, cache_dir=config.cache_dir)
    labels = getattr(dataset, split).labels.tolist()
    everything = empty_client.get(f"/api/datasets/digits/{split}?limit=500").get_json()
    assert everything["total"] == len(labels)
    assert everything["items"] == [{"index": index, "label": label} for index, label in enumerate(labels)][:500]

    sevens = [index for index, label in enumerate(labels) if label == 7]
    page = empty_client.get(f"/api/datasets/digits/{split}?label=7&offset=3&limit=4").get_json()
    assert page == {"items": [{"index": index, "label": 7} for index in sevens[3:7]], "total": len(sevens)}
    assert empty_client.get(f"/api/datasets/digits/{split}?offset=5000").get_json() == {
        "items": [],
        "total": len(labels),
    }


def test_png_has_the_pixels_of_the_image(empty_client: FlaskClient, config: Config) -> None:
    dataset = load_dataset("digits", datasets_dir=config.datasets_dir, cache_dir=config.cache_dir)
    for index in (0, 358):
        response = empty_client.get(f"/api/datasets/digits/test/{index}.png")
        assert response.mimetype == "image/png"
        image = Image.open(io.BytesIO(response.data))
        assert (image.mode, image.size) == ("L", (8, 8))
        expected = np.round(dataset.test.inputs[index].reshape(8, 8) * (255 / 16))
        assert np.array_equal(np.asarray(image), expected)


def test_png_of_mnist_has_the_stored_pixels(tmp_path: Path, mnist_dir: Path) -> None:
    config = make_config(tmp_path / "data", datasets_dir=mnist_dir)
    app = create_app(config)
    image = Image.open(io.BytesIO(app.flask_app.test_client().get("/api/datasets/mnist/test/9999.png").data))
    dataset = load_dataset("mnist", datasets_dir=mnist_dir, cache_dir=config.cache_dir)
    assert (image.mode, image.size) == ("L", (28, 28))
    assert np.array_equal(np.asarray(image), dataset.test.inputs[9999].reshape(28, 28))
    app.close()


def test_browsers_cache_images_and_ask_if_they_have_changed(empty_client: FlaskClient) -> None:
    address = "/api/datasets/digits/test/3.png"
    first = empty_client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = empty_client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert empty_client.get("/api/datasets/digits_in_order/test/3.png").headers["ETag"] != first.headers["ETag"]


def test_pixels_of_several_images_are_one_byte_each(empty_client: FlaskClient, config: Config) -> None:
    dataset = load_dataset("digits", datasets_dir=config.datasets_dir, cache_dir=config.cache_dir)
    response = empty_client.get("/api/datasets/digits/train/pixels?indices=7,0,1437,7")
    assert response.mimetype == "application/octet-stream"
    found = np.frombuffer(response.data, np.uint8).reshape(4, 64)
    assert np.array_equal(found, np.round(dataset.train.inputs[[7, 0, 1437, 7]] * (255 / 16)))
    png = empty_client.get("/api/datasets/digits/train/7.png").data
    assert np.array_equal(found[0].reshape(8, 8), np.asarray(Image.open(io.BytesIO(png))))
    most = ",".join(str(index % 359) for index in range(500))
    assert len(empty_client.get(f"/api/datasets/digits/test/pixels?indices={most}").data) == 500 * 64


def test_browsers_cache_pixels_and_ask_if_they_have_changed(empty_client: FlaskClient) -> None:
    address = "/api/datasets/digits/test/pixels?indices=3,4"
    first = empty_client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = empty_client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("indices", "message"),
    [
        ("", "must be whole numbers with commas between them, such as 1,2,3"),
        ("?indices=", "must be whole numbers"),
        ("?indices=1,,2", "must be whole numbers with commas between them"),
        ("?indices=1,two", "must be whole numbers"),
        ("?indices=-1", "must be whole numbers"),
        ("?indices=\u0661", "must be whole numbers"),
        ("?indices=1.0", "must be whole numbers"),
        ("?indices=0,359", "must be less than 359"),
        ("?indices=9999999999999999999", "must be less than 359"),
        ("?indices=" + "9" * 5000, "must be whole numbers"),
        ("?indices=" + ",".join(["1"] * 501), "must be at most 500 numbers"),
        ("?indices=" + "1," * 20_000, "must be at most 500 numbers"),
    ],
    ids=lambda text: text[:30],
)
def test_invalid_indices_are_rejected(empty_client: FlaskClient, indices: str, message: str) -> None:
    error = error_of(empty_client.get(f"/api/datasets/digits/test/pixels{indices}"), 422)
    assert message in error["fields"]["indices"]


def test_error_names_a_damaged_file(config: Config) -> None:
    folder = config.datasets_dir / "mnist"
    folder.mkdir(parents=True)
    for file in BUILT_IN_DATASETS.get("mnist").files:
        (folder / file.name).write_bytes(b"\x1f\x8bnot really")
    app: App = create_app(config)
    response = app.flask_app.test_client().get("/api/datasets/mnist/test/0.png")
    assert "train-labels-idx1-ubyte.gz" in error_of(response, 409)["message"]
    app.close()


def test_table_is_listed_with_its_values(empty_client: FlaskClient) -> None:
    items = {item["name"]: item for item in empty_client.get("/api/datasets").get_json()["items"]}
    gate, squares, images = items["or_gate"], items["squares"], items["mnist"]
    assert (gate["kind"], gate["task"], gate["sketch"]) == ("table", "classification", "boundary")
    assert (squares["kind"], squares["task"], squares["sketch"]) == ("table", "regression", "curve")
    assert (images["kind"], images["task"], images["sketch"]) == ("images", "classification", None)
    assert (gate["image_shape"], gate["pixel_max"], gate["class_names"]) == (None, None, ["0", "1"])
    assert (squares["feature_names"], squares["target_names"], squares["class_names"]) == (["x", "x²"], ["y"], [])
    assert [items[name]["n_outputs"] for name in ("or_gate", "squares", "mnist", "random_regression")] == [1, 1, 10, 10]
    wide = items["random_regression"]
    assert (len(wide["feature_names"]), wide["n_features"], len(wide["target_names"])) == (20, 1000, 10)

    page = empty_client.get("/api/datasets/or_gate/train?label=1&limit=2").get_json()
    assert page["items"] == [
        {"index": 1, "label": 1, "inputs": [0, 1], "targets": []},
        {"index": 2, "label": 1, "inputs": [1, 0], "targets": []},
    ]
    assert page["total"] == 3
    numbers = empty_client.get("/api/datasets/squares/train?offset=4").get_json()
    assert numbers == {"items": [{"index": 4, "label": None, "inputs": [5, 25], "targets": [25]}], "total": 5}
    assert [
        len(item["inputs"]) for item in empty_client.get("/api/datasets/random_regression/train").get_json()["items"]
    ] == [20] * 50
    assert empty_client.get("/api/datasets/squares/test").get_json() == {"items": [], "total": 0}


def test_regression_table_has_neither_images_nor_classes(empty_client: FlaskClient) -> None:
    for part in ("0.png", "pixels?indices=0"):
        assert "table of numbers" in error_of(empty_client.get(f"/api/datasets/or_gate/train/{part}"), 404)["message"]
    error = error_of(empty_client.get("/api/datasets/squares/train?label=0"), 422)
    assert error["fields"] == {"label": "must be omitted: there are no classes"}
