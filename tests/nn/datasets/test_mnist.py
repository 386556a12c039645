"""MNIST and Fashion-MNIST from files: possible paths, the cache, and invalid files."""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nn.datasets import BUILT_IN_DATASETS, Dataset, is_available, load_dataset
from nn.errors import DatasetError, DatasetMissingError
from tests.support.datasets.idx_files import IMAGES, LABELS, header, idx, small_mnist_files, write_files

NAMES = ", ".join(file.name for file in BUILT_IN_DATASETS.get("fashion_mnist").files)


class Folders:
    """A folder of data sets that contains Fashion-MNIST, and a cache folder."""

    def __init__(self, root: Path) -> None:
        self.datasets = root / "datasets"
        self.cache = root / "cache"
        self.fashion = self.datasets / "fashion_mnist"

    def load(self) -> Dataset:
        return load_dataset("fashion_mnist", datasets_dir=self.datasets, cache_dir=self.cache)

    def cached(self) -> dict[str, int]:
        """Return the inode number of each file in the cache, by name."""
        return {path.name: path.stat().st_ino for path in (self.cache / "fashion_mnist").iterdir()}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def pixels(content: bytes) -> NDArray[Any]:
    return np.frombuffer(content[16:], np.uint8).reshape(-1, 784)


@pytest.mark.parametrize("folder", ["fashion_mnist", "fashion-mnist"])
@pytest.mark.parametrize("zipped", [True, False])
def test_files_are_found_and_read(folders: Folders, folder: str, zipped: bool) -> None:
    files = small_mnist_files()
    write_files(folders.datasets / folder, files, zipped=zipped)
    assert is_available("fashion_mnist", folders.datasets)
    dataset = folders.load()
    assert dataset.name == "fashion_mnist"
    assert dataset.class_names[9] == "Ankle boot"
    assert (dataset.image_shape, dataset.pixel_max, dataset.n_features, dataset.n_classes) == ((28, 28), 255, 784, 10)
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (30, 0, 20)
    assert dataset.train.inputs.dtype == dataset.train.labels.dtype == np.uint8
    np.testing.assert_array_equal(dataset.train.inputs, pixels(files[f"train-{IMAGES}"]))
    np.testing.assert_array_equal(dataset.test.inputs, pixels(files[f"t10k-{IMAGES}"]))
    np.testing.assert_array_equal(dataset.test.labels, np.arange(20) % 10)
    assert not dataset.train.inputs.flags.writeable  # mapped read-only from the cache


def test_folder_may_mix_compressed_and_uncompressed_files(folders: Folders) -> None:
    for zipped, (name, content) in enumerate(small_mnist_files().items()):
        write_files(folders.fashion, {name: content}, zipped=zipped % 2 == 0)
    assert len(folders.load().train) == 30


def test_files_are_uncompressed_once(folders: Folders) -> None:
    write_files(folders.fashion, small_mnist_files())
    folders.load()
    cached = folders.cached()
    assert sorted(name.rpartition("-")[0] for name in cached) == sorted(small_mnist_files())
    folders.load()
    assert folders.cached() == cached


def test_changed_file_replaces_the_cached_one(folders: Folders) -> None:
    write_files(folders.fashion, small_mnist_files(seed=1))
    folders.load()
    files = small_mnist_files(n_train=40, seed=2)
    write_files(folders.fashion, files)
    np.testing.assert_array_equal(folders.load().train.inputs, pixels(files[f"train-{IMAGES}"]))
    assert len(folders.cached()) == 4


def test_file_of_the_same_size_and_a_later_time_is_read_again(folders: Folders) -> None:
    name = f"train-{IMAGES}"
    write_files(folders.fashion, small_mnist_files(seed=1), zipped=False)
    folders.load()
    files = small_mnist_files(seed=2)
    write_files(folders.fashion, files, zipped=False)
    status = (folders.fashion / name).stat()
    os.utime(folders.fashion / name, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    np.testing.assert_array_equal(folders.load().train.inputs, pixels(files[name]))


CLAIM = b"{'descr': '|u1', 'fortran_order': False, 'shape': (4611686018427387904, 784), }"
HUGE = b"\x93NUMPY\x01\x00\x76\x00" + CLAIM.ljust(0x75) + b"\n"


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", HUGE, None], ids=["empty", "torn", "huge", "cut short"])
def test_damaged_cache_is_rebuilt(folders: Folders, content: bytes | None) -> None:
    files = small_mnist_files()
    write_files(folders.fashion, files)
    folders.load()
    for path in (folders.cache / "fashion_mnist").iterdir():
        path.write_bytes(path.read_bytes()[:-1] if content is None else content)
    np.testing.assert_array_equal(folders.load().train.inputs, pixels(files[f"train-{IMAGES}"]))


def test_concurrent_loads_succeed(folders: Folders) -> None:
    files = small_mnist_files(n_train=2000)
    write_files(folders.fashion, files)
    found: list[bool] = []
    barrier = threading.Barrier(8)

    def load() -> None:
        barrier.wait()
        found.append(np.array_equal(folders.load().train.inputs, pixels(files[f"train-{IMAGES}"])))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8
    assert len(folders.cached()) == 4


def test_missing_files_are_named_with_their_folder(folders: Folders) -> None:
    assert not is_available("fashion_mnist", folders.datasets)
    with pytest.raises(DatasetMissingError) as error:
        folders.load()
    assert str(error.value) == f"Fashion-MNIST is missing. Put {NAMES} into {folders.fashion} and start again."


def test_only_missing_files_are_named(folders: Folders) -> None:
    write_files(folders.fashion, small_mnist_files())
    (folders.fashion / f"t10k-{LABELS}.gz").unlink()
    with pytest.raises(DatasetMissingError, match=r"Put t10k-labels-idx1-ubyte\.gz into "):
        folders.load()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (f"train-{LABELS}", idx(np.arange(29)), "contains 30 images, but train-labels-idx1-ubyte.gz has 29 labels"),
        (f"t10k-{IMAGES}", idx(np.zeros((20, 20, 20))), "contains images of 20×20 pixels, but Fashion-MNIST has 28×28"),
        (f"t10k-{LABELS}", idx(np.r_[np.zeros(19), 10]), "has label 10 at image 19; the classes are 0 to 9"),
        (f"train-{LABELS}", idx(np.full(30, 255)), "has label 255 at image 0"),
        (f"train-{IMAGES}", header(30, 28, 28) + bytes(784 * 29), "is too short: 784 of its 23,520 bytes are missing"),
        (f"train-{IMAGES}", idx(np.arange(30)), "contains labels instead of images"),
    ],
    ids=["counts", "size", "label", "labels", "short", "swapped"],
)
def test_inconsistent_files_are_rejected(folders: Folders, name: str, content: bytes, message: str) -> None:
    write_files(folders.fashion, small_mnist_files() | {name: content})
    with pytest.raises(DatasetError) as error:
        folders.load()
    assert message in str(error.value)
    assert str(folders.fashion) in str(error.value)
    assert not list(folders.cache.glob("*/.*"))


def test_truncated_file_leaves_nothing_in_the_cache(folders: Folders) -> None:
    files = small_mnist_files()
    write_files(folders.fashion, files)
    content = gzip.compress(files[f"train-{IMAGES}"])
    (folders.fashion / f"train-{IMAGES}.gz").write_bytes(content[:-100])
    with pytest.raises(DatasetError, match="is truncated"):
        folders.load()
    assert [path.name.rpartition("-")[0] for path in folders.cache.glob("*/*")] == [f"train-{LABELS}"]


def test_error_names_a_cache_that_cannot_be_written(folders: Folders) -> None:
    write_files(folders.fashion, small_mnist_files())
    folders.cache.write_text("a file where a folder belongs")
    with pytest.raises(DatasetError, match=r"cannot store the uncompressed images: .* choose another data folder"):
        folders.load()


def test_real_files_have_the_published_content(mnist_dir: Path, tmp_path: Path) -> None:
    dataset = load_dataset("mnist", datasets_dir=mnist_dir, cache_dir=tmp_path)
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)
    parts = [
        header(60_000, 28, 28) + dataset.train.inputs.tobytes(),
        header(60_000) + dataset.train.labels.tobytes(),
        header(10_000, 28, 28) + dataset.test.inputs.tobytes(),
        header(10_000) + dataset.test.labels.tobytes(),
    ]
    published = [file.content_sha256 for file in BUILT_IN_DATASETS.get("mnist").files]
    assert [hashlib.sha256(part).hexdigest() for part in parts] == published
