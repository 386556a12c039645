"""NumPy files, whole and with headers that claim more than the files hold."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from nn.array_files import check_array_size, read_array, read_arrays
from nn.errors import CheckpointError, PredictionsError
from nn.storage.checkpoint import load_checkpoint, read_checkpoint_epoch
from nn.storage.epoch_file import HEADER, EpochFile
from nn.storage.output_history import OutputHistory
from nn.storage.prediction_history import PredictionHistory
from nn.storage.weights_history import WeightsHistory

MIB = 2**20
ARRAYS = [
    np.arange(6, dtype=np.float32).reshape(2, 3),
    np.asfortranarray(np.arange(6).reshape(2, 3)),
    np.array("text"),
    np.array(7),
    np.empty((0, 4)),
]


def header(shape: tuple[int, ...], descr: str = "|u1") -> bytes:
    """Return the header of a .npy file."""
    file = io.BytesIO()
    npy.write_array_header_1_0(file, {"descr": descr, "fortran_order": False, "shape": shape})
    return file.getvalue()


@pytest.fixture
def allocations() -> Any:
    """Assert at the end that the test never used more than 64 MiB at a time."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * MIB


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype}{array.shape}")
@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_arrays_are_read_unchanged(array: Any, write: Callable[..., None], tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", array)
    write(tmp_path / "many.npz", first=array, second=np.arange(3))
    check_array_size(tmp_path / "one.npy")
    for found in (read_array(tmp_path / "one.npy"), read_arrays(tmp_path / "many.npz", MIB)["first"]):
        np.testing.assert_array_equal(found, array)
        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        assert found.flags.writeable
    assert list(read_arrays(tmp_path / "many.npz", MIB, ("second",))) == ["second"]


@pytest.mark.usefixtures("allocations")
@pytest.mark.parametrize(
    "content",
    [
        header((100_000_000_000,), "<i4") + bytes(100),  # 373 GiB
        header((2**62, 2**62)) + bytes(100),
        header((99,)) + bytes(100),
        header((101,)) + bytes(100),
        header((100,), "|O") + bytes(100),
        header((100,))[:20],
        b"\x93NUMPY\x09\x00" + bytes(100),
        b"",
    ],
    ids=["huge", "overflow", "too long", "too short", "objects", "truncated", "other version", "empty"],
)
def test_a_header_that_does_not_match_the_file_is_rejected(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    path.write_bytes(content)
    for read in (read_array, check_array_size):
        with pytest.raises((ValueError, OSError)):
            read(path)
    with zipfile.ZipFile(tmp_path / "arrays.npz", "w") as archive:
        archive.writestr("facts.npy", content)
    with pytest.raises((ValueError, OSError)):
        read_arrays(tmp_path / "arrays.npz")
    for load in (load_checkpoint, read_checkpoint_epoch):
        with pytest.raises(CheckpointError):
            load(tmp_path / "arrays.npz")


@pytest.mark.usefixtures("allocations")
def test_an_archive_that_unpacks_to_far_more_than_its_size_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("facts.npy", "w") as member:
        member.write(header((64 * MIB,)))
        for _ in range(64):
            member.write(bytes(MIB))
    assert path.stat().st_size < MIB
    for limit in (None, MIB):
        with pytest.raises(ValueError, match="more than the limit"):
            read_arrays(path, limit)
    with pytest.raises(CheckpointError, match="more than the limit"):
        load_checkpoint(path)


@pytest.mark.usefixtures("allocations")
@pytest.mark.parametrize("kind", [PredictionHistory, OutputHistory, WeightsHistory])
@pytest.mark.parametrize("n_rows", [2**32 - 1, 2**31, 10])
@pytest.mark.parametrize("n_columns", [2**32 - 1, 4, 0])
def test_a_history_whose_header_claims_huge_records_has_no_epochs(
    kind: type[EpochFile], n_rows: int, n_columns: int, tmp_path: Path
) -> None:
    path = tmp_path / "history.bin"
    path.write_bytes(np.array((kind.magic, n_rows, n_columns), HEADER).tobytes() + bytes(20))
    with pytest.raises(PredictionsError), kind.open(path) as history:
        history.read_record(max(history.epochs, 1))
