"""The data sets over HTTP: what there is, and each image as it is."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from nn.datasets import CATALOG, load_dataset
from tests.webapp.dashboard import error_of
from tests.webapp.engine import make_config
from webapp.app import App, create_app
from webapp.config import Config


def test_every_data_set_is_told_whether_it_is_here_or_not(client: FlaskClient) -> None:
    listed = client.get("/api/datasets").get_json()
    items = {item["name"]: item for item in listed["items"]}
    assert list(items) == list(CATALOG)
    assert listed["total"] == len(CATALOG)
    digits = items["digits"]
    assert (digits["available"], digits["fetch"], digits["download_bytes"]) == (True, None, 0)
    assert (digits["image_shape"], digits["pixel_max"], digits["class_names"]) == ([8, 8], 16, list("0123456789"))
    assert (digits["train_size"], digits["test_size"]) == (1438, 359)
    assert (items["mnist"]["available"], items["mnist"]["download_bytes"] > 10_000_000) == (False, True)
    for item in items.values():
        assert all(item[fact] for fact in ("title", "description", "credit", "license", "homepage"))


@pytest.mark.parametrize("split", ["train", "test"])
def test_images_are_listed_by_class_in_pages(client: FlaskClient, config: Config, split: str) -> None:
    dataset = load_dataset("digits", datasets_dir=config.datasets_dir, cache_dir=config.cache_dir)
    labels = getattr(dataset, split).labels.tolist()
    everything = client.get(f"/api/datasets/digits/{split}?limit=500").get_json()
    assert everything["total"] == len(labels)
    assert everything["items"] == [{"index": index, "label": label} for index, label in enumerate(labels)][:500]

    sevens = [index for index, label in enumerate(labels) if label == 7]
    page = client.get(f"/api/datasets/digits/{split}?label=7&offset=3&limit=4").get_json()
    assert page == {"items": [{"index": index, "label": 7} for index in sevens[3:7]], "total": len(sevens)}
    assert client.get(f"/api/datasets/digits/{split}?offset=5000").get_json() == {"items": [], "total": len(labels)}


def test_an_image_has_its_own_pixels(client: FlaskClient, config: Config) -> None:
    dataset = load_dataset("digits", datasets_dir=config.datasets_dir, cache_dir=config.cache_dir)
    for index in (0, 358):
        response = client.get(f"/api/datasets/digits/test/{index}.png")
        assert response.mimetype == "image/png"
        image = Image.open(io.BytesIO(response.data))
        assert (image.mode, image.size) == ("L", (8, 8))
        expected = np.round(dataset.test.inputs[index].reshape(8, 8) * (255 / 16))
        assert np.array_equal(np.asarray(image), expected)


def test_mnist_s_images_are_drawn_as_they_are_stored(tmp_path: Path, mnist_dir: Path) -> None:
    config = make_config(tmp_path / "data", datasets_dir=mnist_dir)
    app = create_app(config)
    image = Image.open(io.BytesIO(app.site.test_client().get("/api/datasets/mnist/test/9999.png").data))
    dataset = load_dataset("mnist", datasets_dir=mnist_dir, cache_dir=config.cache_dir)
    assert (image.mode, image.size) == ("L", (28, 28))
    assert np.array_equal(np.asarray(image), dataset.test.inputs[9999].reshape(28, 28))
    app.close()


def test_an_image_is_kept_by_browsers_and_known_again(client: FlaskClient) -> None:
    address = "/api/datasets/digits/test/3.png"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, max-age=3600"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/datasets/digits_in_order/test/3.png").headers["ETag"] != first.headers["ETag"]


def test_a_damaged_file_is_told_by_name(config: Config) -> None:
    folder = config.datasets_dir / "mnist"
    folder.mkdir(parents=True)
    for file in CATALOG["mnist"].files:
        (folder / file.name).write_bytes(b"\x1f\x8bnot really")
    app: App = create_app(config)
    response = app.site.test_client().get("/api/datasets/mnist/test/0.png")
    assert "train-labels-idx1-ubyte.gz" in error_of(response, 409)["message"]
    app.close()
