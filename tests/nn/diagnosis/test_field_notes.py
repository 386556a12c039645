"""Notes of the form: none for a configuration that learns well, and the right field for one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nn.datasets import load_dataset
from nn.diagnosis.diagnose import examine_preflight
from nn.diagnosis.examination.field_notes import FieldNote, field_notes
from nn.diagnosis.start_examination import examine_start
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS, Preset

ILL_FROM_THE_START = {"all_the_same", "too_hot", "squares_unscaled"}
GOOD_PRESETS = [preset for preset in PRESETS.values() if preset.id not in ILL_FROM_THE_START]


def notes_of(h: Hyperparameters, cache: Path) -> tuple[FieldNote, ...]:
    data = load_dataset(h.dataset, datasets_dir=cache, cache_dir=cache)
    start = examine_start(h, data)
    return field_notes(h, start, examine_preflight(h, start))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("preset", GOOD_PRESETS, ids=lambda preset: preset.id)
def test_presets_that_learn_have_no_note_and_no_finding(
    preset: Preset, cache: Path, request: pytest.FixtureRequest
) -> None:
    h = preset.hyperparameters
    folder = cache
    if h.dataset_spec.files:  # Fashion-MNIST may be missing, so its preset is examined on MNIST
        h, folder = h.changed({"dataset": "mnist"}), request.getfixturevalue("mnist_dir")
    start = examine_start(h, load_dataset(h.dataset, datasets_dir=folder, cache_dir=cache))
    diagnosis = examine_preflight(h, start)
    assert diagnosis.findings == ()
    assert field_notes(h, start, diagnosis) == ()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"activation": "sigmoid", "initializer": "glorot"},
        {"activation": "tanh", "hidden_sizes": (128, 64), "input_scaling": "standardize"},
        {"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9},
        {"optimizer": "rmsprop", "learning_rate": 0.001, "batch_size": 8},
        {"loss": "quadratic", "activation": "sigmoid", "initializer": "glorot", "optimizer": "sgd", "learning_rate": 1},
        {"dataset": "digits_in_order", "sampling": "sliding_window", "validation_fraction": 0},
    ],
)
def test_usual_configurations_have_no_note(values: dict[str, Any], seed: int, cache: Path) -> None:
    assert notes_of(Hyperparameters.parse({**values, "seed": seed}), cache) == ()


@pytest.mark.parametrize(
    ("values", "field", "text", "changed"),
    [
        (
            {"input_scaling": "none", "activation": "sigmoid", "initializer": "normal"},
            "initializer",
            "of the first layer's sigmoid units are saturated.",
            "input_scaling",
        ),
        ({"initializer": "constant", "initializer_scale": 0.1}, "initializer", "the same weights", "initializer"),
        ({"optimizer": "sgd", "learning_rate": 3.0}, "learning_rate", "The step length, which", "learning_rate"),
        ({"learning_rate": 0.5}, "learning_rate", "The first step changes the weights", "learning_rate"),
        ({"reduction": "sum", "optimizer": "sgd", "learning_rate": 0.1}, "reduction", "The sum over 32", "reduction"),
        ({"epsilon": 1.0}, "epsilon", "ε is 1: ε exceeds", "epsilon"),
        ({"schedule": "exponential", "decay_rate": 0.3}, "schedule", "The learning rate is below", "schedule"),
        (
            {
                "dataset": "squares",
                "loss": "quadratic",
                "output_activation": "linear",
                "input_scaling": "none",
                "optimizer": "sgd",
                "hidden_sizes": (),
                "learning_rate": 0.1,
                "batching": "full_batch",
            },
            "input_scaling",
            "The inputs are large: the largest is 25",
            "input_scaling",
        ),
    ],
)
def test_a_fault_has_a_note_at_its_field(
    values: dict[str, Any], field: str, text: str, changed: str, cache: Path
) -> None:
    h = Hyperparameters.parse(values)
    notes = {note.field: note for note in notes_of(h, cache)}
    assert text in notes[field].text
    remedy = notes[field].remedy
    assert remedy is not None
    assert changed in remedy.changes
    h.changed(remedy.changes)  # the remedy is valid


def test_the_remedy_removes_the_note(cache: Path) -> None:
    h = Hyperparameters.parse({"optimizer": "sgd", "learning_rate": 3.0})
    (note,) = notes_of(h, cache)
    assert note.remedy is not None
    assert notes_of(h.changed(note.remedy.changes), cache) == ()


def test_each_field_has_at_most_one_note(cache: Path) -> None:
    h = Hyperparameters.parse(
        {
            "input_scaling": "none",
            "activation": "sigmoid",
            "initializer": "normal",
            "initializer_scale": 5,
            "epsilon": 1,
        }
    )
    fields = [note.field for note in notes_of(h, cache)]
    assert len(fields) == len(set(fields)) > 1
