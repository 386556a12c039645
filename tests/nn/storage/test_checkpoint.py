"""Checkpoints: exact round trips through files, atomic writes, and errors for damaged files."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn.errors import CheckpointError
from nn.hyperparameters.schema import Hyperparameters
from nn.random_streams import RandomStreams
from nn.storage.checkpoint import BestEpoch, Checkpoint, load_checkpoint, read_checkpoint_epoch, save_checkpoint

FLOATS = st.floats(width=32)
COSTS = st.floats(allow_nan=False)
VECTORS = arrays(np.float32, st.integers(1, 20), elements=FLOATS)


def make_checkpoint(**changes: Any) -> Checkpoint:
    checkpoint = Checkpoint(
        hyperparameters=Hyperparameters(hidden_sizes=(7, 5), learning_rate=0.1 + 0.2, early_stopping=True),
        epoch=3,
        parameters=np.arange(6, dtype=np.float32),
        optimizer_state={"square_sum": np.ones(6, np.float32), "gradient_sum": np.zeros(6, np.float32)},
        optimizer_steps=42,
        random_state=RandomStreams(1).state,
        scaling_offset=np.zeros(1, np.float32),
        scaling_scale=np.full(1, 1 / 16, np.float32),
        target_offset=np.full(1, 11.0, np.float32),
        target_scale=np.full(1, 0.5, np.float32),
        first_cost=2.302585,
        best=BestEpoch(2, 0.9375, 0.25),
        elapsed_seconds=1.5,
    )
    return replace(checkpoint, **changes)


def assert_same(found: Checkpoint, expected: Checkpoint) -> None:
    for field in fields(Checkpoint):
        np.testing.assert_equal(getattr(found, field.name), getattr(expected, field.name))
    assert found.parameters.dtype == expected.parameters.dtype


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parameters=VECTORS,
    state=st.dictionaries(st.sampled_from(["velocity", "square_sum", "gradient_sum"]), VECTORS),
    first_cost=COSTS,
    best=st.none() | st.builds(BestEpoch, st.integers(1, 10_000), COSTS, COSTS),
    steps=st.integers(0, 2**60),
)
def test_a_round_trip_changes_nothing(tmp_path: Path, steps: int, **changes: Any) -> None:
    state = changes.pop("state")
    expected = make_checkpoint(**changes, optimizer_state=state, optimizer_steps=steps)
    save_checkpoint(tmp_path / "run.npz", expected)
    assert_same(load_checkpoint(tmp_path / "run.npz"), expected)


def test_the_epoch_is_read_without_the_arrays(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    save_checkpoint(path, make_checkpoint(epoch=17))
    assert read_checkpoint_epoch(path) == 17
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        read_checkpoint_epoch(path)


def test_random_streams_continue_from_the_checkpoint(tmp_path: Path) -> None:
    streams = RandomStreams(9)
    streams.order.permutation(1000)
    save_checkpoint(tmp_path / "run.npz", make_checkpoint(random_state=streams.state))
    restored = RandomStreams(0)
    restored.state = load_checkpoint(tmp_path / "run.npz").random_state
    assert restored.order.permutation(50).tolist() == streams.order.permutation(50).tolist()


def test_a_new_checkpoint_replaces_the_old_one(tmp_path: Path) -> None:
    for epoch in (1, 2):
        save_checkpoint(tmp_path / "run.npz", make_checkpoint(epoch=epoch))
    assert load_checkpoint(tmp_path / "run.npz").epoch == 2
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_a_failed_write_keeps_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_checkpoint(tmp_path / "run.npz", make_checkpoint(epoch=1))

    def fail(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space left"):
        save_checkpoint(tmp_path / "run.npz", make_checkpoint(epoch=2))
    assert load_checkpoint(tmp_path / "run.npz").epoch == 1
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_no_pickle_is_written_or_read(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    with pytest.raises(ValueError, match="allow_pickle"):
        save_checkpoint(path, make_checkpoint(parameters=np.array([{"a": 1}], object)))
    np.savez(path, facts=np.array([{"version": 1}], object), parameters=np.zeros(1))
    with pytest.raises(CheckpointError, match="Python objects"):
        load_checkpoint(path)


def test_a_missing_file_raises_an_error(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none\.npz"):
        load_checkpoint(tmp_path / "none.npz")


def test_another_version_is_rejected(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "run.npz", make_checkpoint())
    with np.load(tmp_path / "run.npz", allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files}
    facts = json.loads(str(arrays["facts"])) | {"version": 99}
    np.savez(tmp_path / "run.npz", **(arrays | {"facts": np.array(json.dumps(facts))}))
    with pytest.raises(CheckpointError, match="version 99; this program reads version 1"):
        load_checkpoint(tmp_path / "run.npz")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"not a zip file at all", b"\x93NUMPY\x01\x00", b"PK\x05\x06" + bytes(18)],
    ids=["empty", "two bytes", "text", "npy", "empty zip"],
)
def test_other_files_are_rejected(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "run.npz").write_bytes(content)
    with pytest.raises(CheckpointError):
        load_checkpoint(tmp_path / "run.npz")


def test_an_array_file_is_rejected(tmp_path: Path) -> None:
    np.save(tmp_path / "run.npy", np.zeros(3))
    with pytest.raises(CheckpointError):
        load_checkpoint(tmp_path / "run.npy")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_truncated_file_is_rejected(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "run.npz"
    save_checkpoint(path, make_checkpoint())
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(CheckpointError):
        load_checkpoint(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_byte_is_detected_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    """Zip has checksums for its contents, but not for all of its headers."""
    path = tmp_path / "run.npz"
    save_checkpoint(path, make_checkpoint())
    content = bytearray(path.read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        found = load_checkpoint(path)
    except CheckpointError:
        return
    assert_same(found, make_checkpoint())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epoch", "three"),
        ("epoch", 0),
        ("optimizer_steps", None),
        ("random_state", {}),
        ("random_state", {"order": {"bit_generator": "MT19937"}, "dropout": {}}),
        ("hyperparameters", {"epochs": -1}),
        ("best", {"epoch": 1}),
        ("elapsed_seconds", "soon"),
        ("surprise", 1),
    ],
)
def test_invalid_facts_are_rejected(tmp_path: Path, name: str, value: object) -> None:
    save_checkpoint(tmp_path / "run.npz", make_checkpoint())
    with np.load(tmp_path / "run.npz", allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files}
    facts = json.loads(str(arrays.pop("facts"))) | {name: value}
    np.savez(tmp_path / "run.npz", facts=np.array(json.dumps(facts)), allow_pickle=False, **arrays)
    with pytest.raises(CheckpointError, match="not a checkpoint that can be read"):
        load_checkpoint(tmp_path / "run.npz")


def test_a_damaged_table_of_contents_is_rejected(tmp_path: Path) -> None:
    """A wrong length in the table hides the last array, and no checksum covers the table."""
    path = tmp_path / "run.npz"
    save_checkpoint(path, make_checkpoint())
    content = bytearray(path.read_bytes())
    second_to_last = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x01\x02"))
    content[second_to_last + 31] ^= 1  # the stored length of an extra field
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(path)


def test_a_missing_array_is_rejected(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "run.npz", make_checkpoint())
    with zipfile.ZipFile(tmp_path / "run.npz") as whole, zipfile.ZipFile(tmp_path / "cut.npz", "w") as cut:
        for name in whole.namelist():
            if name != "parameters.npy":
                cut.writestr(name, whole.read(name))
    with pytest.raises(CheckpointError, match="parameters"):
        load_checkpoint(tmp_path / "cut.npz")


@pytest.mark.parametrize(
    ("candidate", "other", "better"),
    [
        (BestEpoch(1, 0.5, 9.0), None, True),
        (BestEpoch(2, 0.6, 9.0), BestEpoch(1, 0.5, 0.1), True),
        (BestEpoch(2, 0.5, 0.2), BestEpoch(1, 0.5, 0.3), True),
        (BestEpoch(2, 0.5, 0.3), BestEpoch(1, 0.5, 0.3), False),
        (BestEpoch(2, 0.4, 0.0), BestEpoch(1, 0.5, 0.3), False),
    ],
)
def test_best_epoch_has_the_highest_accuracy_then_the_lowest_cost(
    candidate: BestEpoch, other: BestEpoch | None, better: bool
) -> None:
    assert candidate.is_better_than(other) is better
