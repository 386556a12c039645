"""Cached activations: stored, reused, replaced when damaged, and removed when the space is needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from nn.explanations import activation_cache as traces
from nn.explanations.forward_pass import Float64Network
from nn.explanations.training_images import TrainingImages
from nn.explanations.training_influence import StoredNetwork
from nn.model.losses import LOSSES
from tests.support.influence_cases import (
    CODES,
    IMAGE,
    PART,
    PIXEL_MAX,
    PREDICTED,
    RIVAL,
    SCALING,
    assert_same_examples,
    chosen,
    explained,
    influence_of,
    network_of,
)


def files(folder: Path) -> set[tuple[str, int]]:
    return {(path.name, path.stat().st_size) for path in folder.iterdir()}


def damage_nothing(_folder: Path) -> None:
    pass


def cut_short(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-1])


def lose(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.parametrize("damage", [damage_nothing, cut_short, lose])
def test_files_are_used_again_and_mended(damage: Callable[[Path], None], tmp_path: Path) -> None:
    h = chosen(hidden_sizes=(5, 4))
    folder = tmp_path / "traces"
    expected = explained(h, folder)
    written = files(folder)
    assert len(written) == 1
    damage(folder)
    assert_same_examples(explained(h, folder), expected)
    assert files(folder) == written


def test_everything_is_found_without_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    h = chosen(hidden_sizes=(5, 4))
    expected = explained(h, tmp_path / "kept")
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert_same_examples(explained(h, blocked / "no folder"), expected)
    monkeypatch.setattr(traces, "LARGEST_FILE", 1000)
    assert_same_examples(explained(h, tmp_path / "too large"), expected)
    assert not (tmp_path / "too large").exists()


def test_files_of_other_networks_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    h = chosen()
    kept = [StoredNetwork(seed, 0.1, partial(Float64Network.from_network, network_of(h, seed))) for seed in range(2)]
    influence = influence_of(h, kept, tmp_path)
    influence.find_examples(IMAGE, PREDICTED, RIVAL, kept[0].load())
    first = files(tmp_path)
    assert len(first) == 2
    _, n_bytes = next(iter(first))
    monkeypatch.setattr(traces, "RECENT_BYTES", 3 * n_bytes)
    for seed in range(10, 16):
        influence.find_examples(IMAGE, PREDICTED, RIVAL, Float64Network.from_network(network_of(h, seed)))
    assert first < files(tmp_path)
    assert len(files(tmp_path)) == 2 + 1 + 3  # those of the checkpoints, that of the last network, and three before


def test_a_network_that_has_diverged_pushes_nothing(tmp_path: Path) -> None:
    h = chosen()
    network = network_of(h)
    network.parameters[::3] = np.nan
    found = explained(h, tmp_path, network=network)
    assert len(found.by_pixels) == 5
    assert found.by_hidden == ()
    assert found.influential == ()


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_what_is_read_back_is_what_was_written(activation: str, tmp_path: Path) -> None:
    h = chosen(hidden_sizes=(5, 4), activation=activation)
    network = Float64Network.from_network(network_of(h))
    kept = traces.ActivationCache(TrainingImages(PART, SCALING, PIXEL_MAX), LOSSES[h.loss], CODES, tmp_path)
    worked_out = [copied(stretch) for stretch in kept.chunks(network)]
    kept.prepare(network)
    read = [copied(stretch) for stretch in kept.chunks(network)]
    assert [stretch.rows for stretch in read] == [stretch.rows for stretch in worked_out]
    for mine, theirs in zip(read, worked_out, strict=True):
        np.testing.assert_array_equal(mine.deltas, theirs.deltas)
        for layer, expected in zip(mine.hidden, theirs.hidden, strict=True):
            np.testing.assert_allclose(layer, expected, atol=4e-5 * float(np.ptp(expected)))
            np.testing.assert_array_equal(layer > 0, expected > 0)


def copied(stretch: traces.Chunk) -> traces.Chunk:
    return traces.Chunk(stretch.rows, [layer.copy() for layer in stretch.hidden], stretch.deltas.copy())
