"""Data files whose names or folders people's programs have changed, and files that are not recognized."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn.datasets import BUILT_IN_DATASETS, Dataset, DatasetRegistry, is_available, load_dataset
from nn.datasets.download import fetch_dataset
from nn.datasets.mnist import stored_sizes
from nn.errors import DatasetMissingError
from tests.support.datasets.idx_files import IMAGES, LABELS, small_mnist_files, write_files, zip_files

CONTENTS = small_mnist_files()
ZIPPED = zip_files(CONTENTS)
FASHION = BUILT_IN_DATASETS.get("fashion_mnist")


def load(folder: Path) -> Dataset:
    return load_dataset("fashion_mnist", datasets_dir=folder / "sets", cache_dir=folder / "cache")


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name",
    [
        "train-images.idx3-ubyte",
        "train-images.idx3-ubyte.gz",
        "TRAIN-IMAGES-IDX3-UBYTE.GZ",
        "Train-Images.idx3-ubyte",
        "train_images_idx3_ubyte",
        "train-images-idx3-ubyte (1).gz",
        "train-images-idx3-ubyte.gz (1)",
        "train-images-idx3-ubyte(2)",
        "train-images-idx3-ubyte-1.gz",
        "train-images-idx3-ubyte - Copy.gz",
        "train-images-idx3-ubyte - Copy (2)",
        "train-images-idx3-ubyte copy 2.gz",
        "train-images-idx3-ubyte (another copy).gz",
        "Copy of train-images-idx3-ubyte.gz",
        "train-images-idx3-ubyte/train-images-idx3-ubyte",
        "train-images-idx3-ubyte.gz/train-images-idx3-ubyte",
        "archive/train-images-idx3-ubyte/train-images.idx3-ubyte",
        "raw/train-images-idx3-ubyte",
    ],
)
def test_a_changed_name_is_recognized_and_nothing_is_downloaded(tmp_path: Path, name: str) -> None:
    files = {other: content for other, content in CONTENTS.items() if other != f"train-{IMAGES}"}
    write_files(tmp_path / "sets" / "fashion_mnist", files)
    zipped = ".gz" in name.lower().rpartition("/")[2]
    content = ZIPPED[f"train-{IMAGES}.gz"] if zipped else CONTENTS[f"train-{IMAGES}"]
    write(tmp_path / "sets" / "fashion_mnist" / name, content)
    assert is_available("fashion_mnist", tmp_path / "sets")
    expected = np.frombuffer(CONTENTS[f"train-{IMAGES}"][16:], np.uint8).reshape(-1, 784)
    np.testing.assert_array_equal(load(tmp_path).train.inputs, expected)
    offline = DatasetRegistry([replace(FASHION, mirrors=())])
    fetch_dataset("fashion_mnist", datasets_dir=tmp_path / "sets", on_progress=print, datasets=offline)


@pytest.mark.parametrize(
    "folder", ["FashionMNIST/raw", "Fashion MNIST", "fashion-mnist", "FASHION_MNIST", "fashionmnist"]
)
def test_a_folder_may_have_the_name_that_other_libraries_use(tmp_path: Path, folder: str) -> None:
    write_files(tmp_path / "sets" / folder, CONTENTS, zipped=False)
    assert len(load(tmp_path).train) == 30
    assert not is_available("mnist", tmp_path / "sets")


def test_the_usual_name_precedes_a_copy(tmp_path: Path) -> None:
    write_files(tmp_path / "sets" / "fashion_mnist", CONTENTS)
    for name, content in small_mnist_files(n_train=50, seed=1).items():
        write(tmp_path / "sets" / "fashion_mnist" / f"{name} (1)", content)
    assert len(load(tmp_path).train) == 30


@pytest.mark.parametrize(
    "other", ["._train-images-idx3-ubyte", ".train-images-idx3-ubyte", "KMNIST/train-images-idx3-ubyte"]
)
def test_other_files_with_such_names_are_not_used(tmp_path: Path, other: str) -> None:
    """macOS writes hidden companions of files. Other data sets use the same names."""
    files = {name: content for name, content in CONTENTS.items() if name != f"train-{IMAGES}"}
    write_files(tmp_path / "sets" / "fashion_mnist", files)
    write(tmp_path / "sets" / "fashion_mnist" / other, CONTENTS[f"train-{IMAGES}"])
    assert not is_available("fashion_mnist", tmp_path / "sets")


def test_a_damaged_copy_is_downloaded_again(tmp_path: Path) -> None:
    for name, content in CONTENTS.items():
        write(tmp_path / "sets" / "fashion_mnist" / f"{name} (1)", content[:-1])
    offline = DatasetRegistry([replace(FASHION, mirrors=())])
    with pytest.raises(DatasetMissingError, match="could not be downloaded"):
        fetch_dataset("fashion_mnist", datasets_dir=tmp_path / "sets", on_progress=print, datasets=offline)


def test_files_that_are_not_used_are_named(tmp_path: Path) -> None:
    sets = tmp_path / "sets"
    write(sets / "train-images-idx3-ubyte.gz", b"")
    write(sets / "notes.txt", b"")
    write(sets / "fashion_mnist" / "archive.zip", b"")
    write(sets / "fashion_mnist" / "train-images-idx3-ubyte.gz.part", b"")
    write(sets / "fashion_mnist" / f"train-{LABELS}", CONTENTS[f"train-{LABELS}"])
    with pytest.raises(DatasetMissingError) as error:
        load(tmp_path)
    names = (f"train-{IMAGES}.gz", "fashion_mnist/archive.zip", f"fashion_mnist/train-{IMAGES}.gz.part")
    assert str(error.value) == (
        f"Fashion-MNIST is missing. Put train-{IMAGES}.gz, t10k-{IMAGES}.gz, t10k-{LABELS}.gz into "
        f"{sets / 'fashion_mnist'} and start again. Not used from {sets}, because of their name or folder: "
        f"{', '.join(str(Path(name)) for name in names)}."
    )


def test_many_unused_files_are_counted(tmp_path: Path) -> None:
    for number in range(9):
        write(tmp_path / "sets" / "fashion_mnist" / f"{number}.png", b"")
    with pytest.raises(DatasetMissingError, match=r"3\.png, .*4\.png and 4 more\.$"):
        load(tmp_path)


def test_sizes_come_from_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "sets" / "fashion_mnist"
    assert stored_sizes(FASHION, tmp_path / "sets") is None
    write_files(folder, small_mnist_files(n_train=100, n_test=7))
    assert stored_sizes(FASHION, tmp_path / "sets") == (100, 7)
    (folder / f"t10k-{LABELS}.gz").write_bytes(b"damaged")
    assert stored_sizes(FASHION, tmp_path / "sets") is None
