"""Fingerprints of examples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn.datasets import Split, load_dataset
from nn.datasets.file_reads import FileBackedSplit
from nn.datasets.identity.fingerprint import ROWS_PER_CHUNK, fingerprint
from tests.support.datasets.small_dataset import small_dataset

SPLIT = small_dataset(3 * ROWS_PER_CHUNK + 5).train


def changed(array: np.ndarray, index: int) -> np.ndarray:
    copy = array.copy()
    copy.flat[index] ^= 1
    return copy


def test_every_pixel_and_label_counts() -> None:
    before = fingerprint(SPLIT)
    assert fingerprint(replace(SPLIT, inputs=SPLIT.inputs.copy())) == before
    others = {
        fingerprint(replace(SPLIT, inputs=changed(SPLIT.inputs, index))) for index in (0, SPLIT.inputs.size // 2, -1)
    }
    others |= {fingerprint(replace(SPLIT, labels=changed(SPLIT.labels, index))) for index in (0, -1)}
    others |= {fingerprint(SPLIT.part(np.arange(len(SPLIT) - 1))), fingerprint(SPLIT.part(np.arange(0)))}
    assert len(others - {before}) == 7


def test_the_shape_and_the_targets_count() -> None:
    inputs, labels = np.zeros((4, 6)), np.zeros(4, np.uint8)
    splits = [
        Split(inputs, labels),
        Split(inputs.reshape(2, 12), labels[:2]),
        Split(inputs.astype(np.float32), labels),
        Split(inputs, labels, np.zeros((4, 1))),
        Split(inputs, labels, np.ones((4, 1))),
    ]
    assert len({fingerprint(split) for split in splits}) == len(splits)


def test_a_part_has_the_fingerprint_of_its_rows(tmp_path: Path) -> None:
    rows = np.array([5, 2, 9])
    assert fingerprint(SPLIT.part(rows)) == fingerprint(Split(SPLIT.inputs[rows], SPLIT.labels[rows]))
    np.save(tmp_path / "images.npy", SPLIT.inputs)
    mapped = np.asarray(np.load(tmp_path / "images.npy", mmap_mode="r", allow_pickle=False))
    assert fingerprint(FileBackedSplit(mapped, SPLIT.labels)) == fingerprint(SPLIT)


@pytest.mark.parametrize("name", ["digits", "xor_gate", "squares"])
def test_a_data_set_has_the_same_fingerprint_each_time(name: str, tmp_path: Path) -> None:
    first, second = (load_dataset(name, datasets_dir=tmp_path, cache_dir=tmp_path) for _ in range(2))
    assert fingerprint(first.train) == fingerprint(second.train)
