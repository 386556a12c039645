"""File of the weights of a run: exact round trips, damaged files, and the limit of its size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.errors import PredictionsError
from nn.storage.weights_history import LARGEST_FILE, WeightsHistory, compute_stride, find_nearest_epoch

COUNT = 40


def parameters_of(epoch: int, dtype: Any = np.float32, count: int = COUNT) -> Any:
    """Return random parameters that are different for each epoch."""
    return np.random.default_rng(epoch).standard_normal(count).astype(dtype)


def write_history(path: Path, epochs: list[int], dtype: Any = np.float32) -> Path:
    """Write a file with these epochs, and return its path."""
    with WeightsHistory.create(path, COUNT, np.dtype(dtype).itemsize) as history:
        for epoch in epochs:
            history.append(epoch, parameters_of(epoch, dtype))
    return path


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_survive_a_round_trip_bit_for_bit(tmp_path: Path, dtype: Any) -> None:
    with WeightsHistory.open(write_history(tmp_path / "file", [1, 2, 3], dtype)) as history:
        for epoch in (2, 3, 1):
            found = history.read(epoch)
            assert found.dtype == dtype
            assert found.tobytes() == parameters_of(epoch, dtype).tobytes()


def test_weights_that_are_not_finite_survive_a_round_trip(tmp_path: Path) -> None:
    with WeightsHistory.create(tmp_path / "file", 3, 4) as history:
        history.append(1, np.array([np.nan, np.inf, -np.inf], np.float32))
        np.testing.assert_array_equal(history.read(1), [np.nan, np.inf, -np.inf])


@pytest.mark.parametrize("epochs", [[], [1], [1, 2, 3], [1, 8, 15, 22]])
def test_only_stored_epochs_can_be_read(tmp_path: Path, epochs: list[int]) -> None:
    with WeightsHistory.open(write_history(tmp_path / "file", epochs)) as history:
        assert list(history.stored_epochs) == epochs
        for epoch in epochs:
            np.testing.assert_array_equal(history.read(epoch), parameters_of(epoch))
        for epoch in {0, 4, 30} - set(epochs):
            with pytest.raises(PredictionsError, match=f"has no weights of epoch {epoch}"):
                history.read(epoch)


def test_weights_can_be_read_as_soon_as_they_are_appended(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with WeightsHistory.create(path, COUNT, 4) as writer, WeightsHistory.open(path) as reader:
        for epoch in range(1, 30, 3):
            writer.append(epoch, parameters_of(epoch))
            assert reader.stored_epochs[-1] == epoch
            np.testing.assert_array_equal(reader.read(epoch), parameters_of(epoch))


def test_a_damaged_record_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    path = write_history(tmp_path / "file", [1, 3, 5])
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with WeightsHistory.open(path) as history:
        np.testing.assert_array_equal(history.read(5), parameters_of(5))
        with pytest.raises(PredictionsError, match="is damaged"):
            history.read(3)


def test_epochs_in_another_order_are_rejected(tmp_path: Path) -> None:
    repeated = write_history(tmp_path / "same", [1, 1])
    with WeightsHistory.open(repeated) as history, pytest.raises(PredictionsError, match="are not in ascending order"):
        history.read(1)
    with WeightsHistory.open(write_history(tmp_path / "other", [1, 3, 7])) as history:
        np.testing.assert_array_equal(history.read(3), parameters_of(3))
        with pytest.raises(PredictionsError, match=r"epoch 5 .* is damaged"):
            history.read(5)


def test_weights_of_another_network_are_rejected(tmp_path: Path) -> None:
    with WeightsHistory.create(tmp_path / "file", COUNT, 4) as history:
        for parameters in (parameters_of(1, np.float64), parameters_of(1, count=COUNT - 1)):
            with pytest.raises(PredictionsError, match="of another network"):
                history.append(1, parameters)
        assert history.stored_epochs == []


@pytest.mark.parametrize("number_size", [0, 2, 16, 2**32 - 1])
def test_a_file_with_another_number_size_is_rejected(tmp_path: Path, number_size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"MISFITW1" + (3).to_bytes(4, "little") + number_size.to_bytes(4, "little"))
    with pytest.raises(PredictionsError, match="its numbers have"):
        WeightsHistory.open(path)


@pytest.mark.parametrize(
    ("epochs", "megabytes", "stride"), [(1, 0.1, 1), (30, 4, 1), (64, 4, 2), (10_000, 0.02, 2), (30, 100, 30)]
)
def test_the_file_stays_within_its_limit(epochs: int, megabytes: float, stride: int) -> None:
    parameters = np.empty(int(megabytes * 1e6 / 4), np.float32)
    assert compute_stride(epochs, parameters) == stride
    assert len(range(1, epochs + 1, stride)) * parameters.nbytes <= LARGEST_FILE


def test_a_network_beyond_the_limit_is_not_stored() -> None:
    assert compute_stride(10, np.empty(LARGEST_FILE // 8 + 1, np.float64)) is None


def test_the_nearest_epoch_is_the_earlier_of_two() -> None:
    stored = [1, 5, 9]
    assert [find_nearest_epoch(stored, epoch) for epoch in (1, 2, 3, 4, 7, 8, 40)] == [1, 1, 1, 5, 5, 9, 9]
