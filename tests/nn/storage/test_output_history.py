"""File of the outputs on the output grid after each epoch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nn.errors import PredictionsError
from nn.storage.output_history import OutputHistory
from nn.storage.prediction_history import PredictionHistory


def outputs(epoch: int) -> NDArray[np.float64]:
    return np.random.default_rng(epoch).standard_normal((7, 2))


def test_epochs_can_be_read_while_more_are_written(tmp_path: Path) -> None:
    path = tmp_path / "sketch.bin"
    with OutputHistory.create(path, 7, 2) as written:
        for epoch in (1, 2, 3):
            written.append(epoch, outputs(epoch))
            with OutputHistory.open(path) as read:
                assert (read.epochs, read.shape) == (epoch, (7, 2))
                np.testing.assert_array_equal(read.read(epoch), outputs(epoch).astype(np.float32))
                np.testing.assert_array_equal(read.read(1), outputs(1).astype(np.float32))


def test_values_that_are_not_finite_are_stored(tmp_path: Path) -> None:
    with OutputHistory.create(tmp_path / "sketch.bin", 2, 2) as history:
        history.append(1, np.array([[1e300, -1e300], [np.nan, 0.5]]))
        np.testing.assert_array_equal(history.read(1), [[np.inf, -np.inf], [np.nan, 0.5]])


def test_invalid_epochs_and_shapes_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "sketch.bin"
    with OutputHistory.create(path, 7, 2) as history:
        with pytest.raises(PredictionsError, match="epoch 2 cannot follow epoch 0"):
            history.append(2, outputs(2))
        with pytest.raises(PredictionsError, match=r"stores arrays of shape \(7, 2\), not \(2, 7\)"):
            history.append(1, outputs(1).T)
        with pytest.raises(PredictionsError, match="has no epoch 1; it has 0"):
            history.read(1)
    with pytest.raises(PredictionsError, match="is not a usable history file"):
        PredictionHistory.open(path)
    with pytest.raises(PredictionsError, match="cannot be read"):
        OutputHistory.open(tmp_path / "nowhere.bin")


def test_a_damaged_epoch_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "sketch.bin"
    with OutputHistory.create(path, 7, 2) as history:
        history.append(1, outputs(1))
        history.append(2, outputs(2))
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    with OutputHistory.open(path) as history:
        np.testing.assert_array_equal(history.read(1), outputs(1).astype(np.float32))
        with pytest.raises(PredictionsError, match=r"epoch 2 of .* is damaged"):
            history.read(2)
