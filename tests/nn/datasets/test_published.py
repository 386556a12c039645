"""Recognition of data files by their published checksums."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from nn.datasets import BUILT_IN_DATASETS, DatasetSpec
from nn.datasets.identity.published import content_sha256, describe_other_files, file_states
from nn.datasets.spec import DataFile
from tests.support.datasets.idx_files import small_mnist_files, write_files, zip_files

N_FILES = 4


def make_files(seed: int) -> dict[str, bytes]:
    """Return the files of a small data set. All images and labels depend on the seed."""
    files = small_mnist_files(seed=seed)
    labels = {
        name: content[:8] + bytes((label + seed) % 10 for label in content[8:]) for name, content in files.items()
    }
    return {name: labels[name] if "labels" in name else content for name, content in files.items()}


DIGITS, CLOTHES, UNKNOWN = map(make_files, range(3))


def published(name: str, title: str, files: dict[str, bytes], *, with_content: bool) -> DatasetSpec:
    """Return a data set with the checksums of `files`."""
    data_files = tuple(
        DataFile(
            zipped,
            len(content),
            hashlib.md5(content).hexdigest(),  # noqa: S324 - a checksum that mirrors publish, not a secret
            hashlib.sha256(gzip.decompress(content)).hexdigest() if with_content else "",
        )
        for zipped, content in zip_files(files).items()
    )
    return replace(BUILT_IN_DATASETS.get("mnist"), name=name, title=title, files=data_files)


MNIST = published("mnist", "MNIST", DIGITS, with_content=True)
FASHION = published("fashion_mnist", "Fashion-MNIST", CLOTHES, with_content=False)
KNOWN = (MNIST, FASHION)


def put(folder: Path, spec: DatasetSpec, files: dict[str, bytes], *, level: int = 9) -> None:
    """Write compressed files. At level 9, they are the published files."""
    (folder / spec.name).mkdir()
    for name, content in files.items():
        (folder / spec.name / f"{name}.gz").write_bytes(gzip.compress(content, level, mtime=0))


def test_the_published_files_are_recognized(tmp_path: Path) -> None:
    put(tmp_path, MNIST, DIGITS)
    put(tmp_path, FASHION, CLOTHES)
    assert [describe_other_files(spec, tmp_path, KNOWN) for spec in KNOWN] == [None, None]


def test_the_published_content_is_recognized_if_it_is_compressed_otherwise_or_not_at_all(tmp_path: Path) -> None:
    put(tmp_path, MNIST, DIGITS, level=1)
    assert describe_other_files(MNIST, tmp_path, KNOWN) is None
    write_files(tmp_path / "plain" / "mnist", DIGITS, zipped=False)
    assert describe_other_files(MNIST, tmp_path / "plain", KNOWN) is None


@pytest.mark.parametrize(("spec", "files", "source"), [(MNIST, CLOTHES, FASHION), (FASHION, DIGITS, MNIST)])
def test_the_files_of_another_data_set_are_named(
    spec: DatasetSpec, files: dict[str, bytes], source: DatasetSpec, tmp_path: Path
) -> None:
    put(tmp_path, spec, files)
    text = describe_other_files(spec, tmp_path, KNOWN)
    assert text
    assert text.startswith(f"These are not the published files of {spec.title}. ")
    assert f"in {tmp_path / spec.name}: from {source.title}." in text
    assert text.count("-ubyte.gz") == N_FILES
    assert f"delete the files and download {spec.title} again" in text


def test_a_file_of_the_other_split_is_named(tmp_path: Path) -> None:
    put(tmp_path, MNIST, {**DIGITS, "t10k-labels-idx1-ubyte": DIGITS["train-labels-idx1-ubyte"]})
    text = describe_other_files(MNIST, tmp_path, KNOWN)
    assert text
    assert f"t10k-labels-idx1-ubyte.gz in {tmp_path / 'mnist'}: this is train-labels-idx1-ubyte.gz." in text
    assert text.count("-ubyte.gz") == 2


def test_unknown_files_are_of_unknown_origin(tmp_path: Path) -> None:
    for spec in KNOWN:
        put(tmp_path, spec, UNKNOWN)
        text = describe_other_files(spec, tmp_path, KNOWN)
        assert text
        assert ": of unknown origin." in text


def test_missing_damaged_and_unverifiable_files_are_ignored(tmp_path: Path) -> None:
    assert describe_other_files(MNIST, tmp_path, KNOWN) is None
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "t10k-labels-idx1-ubyte.gz").write_bytes(zip_files(DIGITS)["t10k-labels-idx1-ubyte.gz"][:20])
    assert describe_other_files(MNIST, tmp_path, KNOWN) is None
    write_files(tmp_path / "fashion_mnist", CLOTHES, zipped=False)  # the checksum of their content is not published
    assert describe_other_files(FASHION, tmp_path, KNOWN) is None


def test_a_file_state_differs_after_each_change(tmp_path: Path) -> None:
    assert file_states(MNIST, tmp_path) == (None,) * N_FILES
    put(tmp_path, MNIST, DIGITS)
    before = file_states(MNIST, tmp_path)
    assert file_states(MNIST, tmp_path) == before
    path = tmp_path / "mnist" / "t10k-labels-idx1-ubyte.gz"
    path.with_name("new").write_bytes(path.read_bytes())
    path.with_name("new").replace(path)
    after = file_states(MNIST, tmp_path)
    assert (after[:3], after[3] == before[3]) == (before[:3], False)


def test_content_that_is_damaged_has_no_checksum(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"", gzip.compress(bytes(5000))[:-10], b"no gzip"):
        path.write_bytes(content)
        with path.open("rb") as file:
            assert content_sha256(file) is None or not content
