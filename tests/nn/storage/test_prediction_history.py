"""File of the predictions of each epoch: exact round trips, concurrent reads, and damaged files."""

from __future__ import annotations

import math
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

from nn.analysis.predictions import Predictions
from nn.errors import PredictionsError
from nn.storage.prediction_history import PredictionHistory
from tests.support.random_predictions import predictions_from

N_IMAGES, N_CLASSES = 50, 4


def predictions_of(epoch: int, n_images: int = N_IMAGES) -> Predictions:
    """Return random predictions that are different for each epoch."""
    rng = np.random.default_rng(epoch)
    return predictions_from(rng.random((n_images, N_CLASSES)), rng.random(n_images))


def assert_same(found: Predictions, expected: Predictions) -> None:
    np.testing.assert_array_equal(found.log_odds, expected.log_odds)
    np.testing.assert_array_equal(found.losses, expected.losses)
    np.testing.assert_array_equal(found.predicted, expected.predicted)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a file with three epochs."""
    path = tmp_path / "predictions.bin"
    with PredictionHistory.create(path, N_IMAGES, N_CLASSES) as history:
        for epoch in (1, 2, 3):
            history.append(epoch, predictions_of(epoch))
    return path


def test_every_epoch_survives_a_round_trip(path: Path) -> None:
    with PredictionHistory.open(path) as history:
        assert (history.shape, history.epochs) == ((N_IMAGES, N_CLASSES), 3)
        for epoch in (2, 3, 1):
            assert_same(history.read(epoch), predictions_of(epoch))


def test_values_that_are_not_finite_survive_a_round_trip(tmp_path: Path) -> None:
    diverged = predictions_from(np.full((2, 3), math.nan), np.array([math.inf, math.nan]))
    with PredictionHistory.create(tmp_path / "file", 2, 3) as history:
        history.append(1, diverged)
        assert_same(history.read(1), diverged)


def test_files_of_older_versions_are_read(tmp_path: Path) -> None:
    """An older version stored logarithms of probabilities, in which 16 bits cannot distinguish 1 − 10⁻⁹ from 1."""
    probabilities = np.array([[1e-9, 0.3, 0.999], [1 - 1e-9, 1e-30, 0.0], [math.nan, 0.1, 0.2]])
    with np.errstate(divide="ignore"):
        logs = np.log(probabilities).astype("<f2")
    content = logs.tobytes() + np.array([1.0, 2.0, math.nan], "<f4").tobytes() + bytes([2, 0, 1])
    header = np.array((b"MISFITP1", 3, 3), [("magic", "S8"), ("n_rows", "<u4"), ("n_columns", "<u4")]).tobytes()
    path = tmp_path / "predictions.bin"
    path.write_bytes(header + content + zlib.crc32(content, 1).to_bytes(4, "little"))
    with PredictionHistory.open(path) as history:
        found = history.read(1)
        assert history.read_predicted([1]).tolist() == [[2, 0, 1]]
    np.testing.assert_allclose(found.probabilities, probabilities, rtol=0.02)
    assert 1 - found.probabilities[0, 2] == pytest.approx(0.001, rel=1e-3)
    assert 0 < 1 - found.probabilities[1, 0] < 1e-7
    assert found.losses[:2].tolist() == [1.0, 2.0]
    assert found.predicted.tolist() == [2, 0, 1]


def test_an_epoch_takes_25_bytes_per_image_of_ten_classes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with PredictionHistory.create(path, 10_000, 10) as history:
        empty = path.stat().st_size
        history.append(1, predictions_from(np.full((10_000, 10), 0.1), np.zeros(10_000)))
        assert path.stat().st_size - empty == 10_000 * 25 + 4


def test_an_epoch_can_be_read_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with PredictionHistory.create(path, N_IMAGES, N_CLASSES) as writer, PredictionHistory.open(path) as reader:
        for epoch in range(1, 20):
            assert reader.epochs == epoch - 1
            writer.append(epoch, predictions_of(epoch))
            assert_same(reader.read(epoch), predictions_of(epoch))


def test_earlier_epochs_can_be_read_while_later_ones_are_appended(tmp_path: Path) -> None:
    path = tmp_path / "file"
    n_images, last = 5000, 40
    errors: list[BaseException] = []

    def read_until_the_last() -> None:
        try:
            with PredictionHistory.open(path) as history:
                epochs = 0
                while epochs < last:
                    epochs = history.epochs
                    if epochs:
                        assert_same(history.read(epochs), predictions_of(epochs, n_images))
        except BaseException as error:
            errors.append(error)

    with PredictionHistory.create(path, n_images, N_CLASSES) as history:
        readers = [threading.Thread(target=read_until_the_last) for _ in range(3)]
        for thread in readers:
            thread.start()
        for epoch in range(1, last + 1):
            history.append(epoch, predictions_of(epoch, n_images))
    for thread in readers:
        thread.join(30)
    assert not errors
    assert not any(thread.is_alive() for thread in readers)


def test_a_truncated_record_is_not_counted(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with PredictionHistory.open(path) as history:
        assert history.epochs == 2
        assert_same(history.read(2), predictions_of(2))
        with pytest.raises(PredictionsError, match="has no epoch 3; it has 2"):
            history.read(3)


@pytest.mark.parametrize("epoch", [0, -1, 4])
def test_an_unknown_epoch_raises_an_error(path: Path, epoch: int) -> None:
    with PredictionHistory.open(path) as history, pytest.raises(PredictionsError, match=f"has no epoch {epoch}"):
        history.read(epoch)


def test_a_damaged_record_is_rejected_and_the_others_are_read(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with PredictionHistory.open(path) as history:
        assert_same(history.read(1), predictions_of(1))
        with pytest.raises(PredictionsError, match=r"epoch 2 .* is damaged"):
            history.read(2)


def test_swapped_records_are_rejected(path: Path) -> None:
    content = path.read_bytes()
    size = (len(content) - 16) // 3
    path.write_bytes(content[:16] + content[16 + size : 16 + 2 * size] + content[16 : 16 + size])
    with PredictionHistory.open(path) as history, pytest.raises(PredictionsError, match="is damaged"):
        history.read(1)


def test_epochs_must_be_consecutive(tmp_path: Path) -> None:
    with PredictionHistory.create(tmp_path / "file", N_IMAGES, N_CLASSES) as history:
        for epoch in (0, 2):
            with pytest.raises(PredictionsError, match=f"epoch {epoch} cannot follow epoch 0"):
                history.append(epoch, predictions_of(1))
        history.append(1, predictions_of(1))
        history.append(1, predictions_of(7))  # a resumed run repeats an epoch
        assert history.epochs == 1
        assert_same(history.read(1), predictions_of(7))


def test_predictions_of_other_shapes_are_rejected(tmp_path: Path) -> None:
    with PredictionHistory.create(tmp_path / "file", N_IMAGES, N_CLASSES) as history:
        with pytest.raises(PredictionsError, match=r"stores arrays of shape \(50, 4\), not \(51, 4\)"):
            history.append(1, predictions_of(1, n_images=51))
        assert history.epochs == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"MISFITP2", b"a text of another kind", b"MISFITP2" + b"\xff" * 8],
    ids=["empty", "truncated", "text", "huge"],
)
def test_another_file_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(PredictionsError, match="is not a usable history file"):
        PredictionHistory.open(path)


@pytest.mark.parametrize("content", [b"", b"MISFITP2\0"])
def test_a_file_whose_header_is_cut_short_is_rejected_in_plain_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "short"
    path.write_bytes(content)
    with pytest.raises(PredictionsError, match=r"short is not a usable history file: its header is incomplete$"):
        PredictionHistory.open(path)


def test_a_missing_file_raises_an_error(tmp_path: Path) -> None:
    with pytest.raises(PredictionsError, match="nowhere cannot be read: No such file"):
        PredictionHistory.open(tmp_path / "nowhere")


def test_a_new_history_replaces_an_old_one(path: Path) -> None:
    with PredictionHistory.create(path, N_IMAGES, N_CLASSES) as history:
        assert history.epochs == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full, which behaves as a full disk")
def test_a_full_disk_raises_an_error(path: Path) -> None:
    with PredictionHistory.open(path) as history, Path("/dev/full").open("w+b", buffering=0) as full:
        with PredictionHistory(path, full, N_IMAGES, N_CLASSES) as writer, pytest.raises(OSError, match="No space"):
            writer.append(1, predictions_of(1))
        assert history.epochs == 3


def test_predicted_classes_of_many_epochs_can_be_read_alone(path: Path) -> None:
    with PredictionHistory.open(path) as history:
        found = history.read_predicted(range(1, 4))
        expected = [predictions_of(epoch).predicted for epoch in (1, 2, 3)]
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == np.uint8
        np.testing.assert_array_equal(history.read_predicted([3, 2]), expected[:0:-1])
        for index in (0, 17, N_IMAGES - 1):
            assert history.read_predicted(range(1, 4), index).ravel().tolist() == [
                classes[index] for classes in expected
            ]
        assert history.read_predicted([]).shape == (0, N_IMAGES)


@pytest.mark.parametrize("epoch", [0, -1, 4])
def test_predicted_classes_of_an_unknown_epoch_raise_an_error(path: Path, epoch: int) -> None:
    with (
        PredictionHistory.open(path) as history,
        pytest.raises(PredictionsError, match=f"has no epoch {epoch}; it has 3"),
    ):
        history.read_predicted([1, epoch])
