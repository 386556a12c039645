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
from nn.model.output_loss import OutputLoss
from tests.support.influence_cases import (
    CODES,
    IMAGE,
    PART,
    PIXEL_MAX,
    PREDICTED,
    RIVAL,
    SCALING,
    assert_same_examples,
    explain,
    hyperparameters,
    make_influence,
    network_of,
)


def file_sizes(folder: Path) -> set[tuple[str, int]]:
    return {(path.name, path.stat().st_size) for path in folder.iterdir()}


def damage_nothing(_folder: Path) -> None:
    pass


def truncate_files(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-1])


def delete_files(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.parametrize("damage", [damage_nothing, truncate_files, delete_files])
def test_files_are_reused_and_replaced_when_damaged(damage: Callable[[Path], None], tmp_path: Path) -> None:
    h = hyperparameters(hidden_sizes=(5, 4))
    folder = tmp_path / "traces"
    expected = explain(h, folder)
    written = file_sizes(folder)
    assert len(written) == 1
    damage(folder)
    assert_same_examples(explain(h, folder), expected)
    assert file_sizes(folder) == written


def test_results_are_the_same_without_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    h = hyperparameters(hidden_sizes=(5, 4))
    expected = explain(h, tmp_path / "stored")
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert_same_examples(explain(h, blocked / "no folder"), expected)
    monkeypatch.setattr(traces, "LARGEST_FILE", 1000)
    assert_same_examples(explain(h, tmp_path / "too large"), expected)
    assert not (tmp_path / "too large").exists()


def test_old_files_of_other_networks_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    h = hyperparameters()
    stored = [StoredNetwork(seed, 0.1, partial(Float64Network.from_network, network_of(h, seed))) for seed in range(2)]
    influence = make_influence(h, stored, tmp_path)
    influence.find_examples(IMAGE, PREDICTED, RIVAL, stored[0].load())
    first = file_sizes(tmp_path)
    assert len(first) == 2
    _, n_bytes = next(iter(first))
    monkeypatch.setattr(traces, "RECENT_BYTES", 3 * n_bytes)
    for seed in range(10, 16):
        influence.find_examples(IMAGE, PREDICTED, RIVAL, Float64Network.from_network(network_of(h, seed)))
    assert first < file_sizes(tmp_path)
    # Files remain for the two checkpoints, the last network, and the three networks before it.
    assert len(file_sizes(tmp_path)) == 2 + 1 + 3


def test_a_diverged_network_has_no_influences(tmp_path: Path) -> None:
    h = hyperparameters()
    network = network_of(h)
    network.parameters[::3] = np.nan
    found = explain(h, tmp_path, network=network)
    assert len(found.by_pixels) == 5
    assert found.by_hidden == ()
    assert found.influential == ()


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_stored_activations_equal_computed_ones(activation: str, tmp_path: Path) -> None:
    h = hyperparameters(hidden_sizes=(5, 4), activation=activation)
    network = Float64Network.from_network(network_of(h))
    cache = traces.ActivationCache(
        TrainingImages(PART, SCALING, PIXEL_MAX), OutputLoss.from_hyperparameters(h), CODES, tmp_path
    )
    computed = [copy_chunk(chunk) for chunk in cache.chunks(network)]
    cache.prepare(network)
    stored = [copy_chunk(chunk) for chunk in cache.chunks(network)]
    assert [chunk.rows for chunk in stored] == [chunk.rows for chunk in computed]
    for actual, reference in zip(stored, computed, strict=True):
        np.testing.assert_array_equal(actual.deltas, reference.deltas)
        for layer, expected in zip(actual.hidden, reference.hidden, strict=True):
            np.testing.assert_allclose(layer, expected, atol=4e-5 * float(np.ptp(expected)))
            np.testing.assert_array_equal(layer > 0, expected > 0)


def copy_chunk(chunk: traces.Chunk) -> traces.Chunk:
    return traces.Chunk(chunk.rows, [layer.copy() for layer in chunk.hidden], chunk.deltas.copy())
