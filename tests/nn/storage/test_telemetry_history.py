"""File of telemetry, and telemetry as JSON."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.diagnosis.telemetry_json import TelemetryJson, from_json, read_telemetry, to_json
from nn.storage.telemetry_history import TelemetryHistory

LAYER = LayerTelemetry(3, 12, gradient_norm=0.5, weight_norm=2.0, update_norm=0.1, update_ratio=0.05)
START = Telemetry(0, (LAYER, LAYER), first_cost=2.5, expected_first_cost=2.3, step=0, cost=2.5, predicted_counts=(1, 2))
MOMENTS = (START, replace(START, step=1, cost=None), *(replace(START, epoch=epoch, step=None) for epoch in (1, 2, 5)))


def written(path: Path) -> Path:
    with TelemetryHistory.create(path) as history:
        history.append(map(to_json, MOMENTS[:3]))
        history.append(map(to_json, MOMENTS[3:]))
    return path


def test_moments_can_be_read_while_more_are_written(tmp_path: Path) -> None:
    path = tmp_path / "telemetry.jsonl"
    with TelemetryHistory.create(path) as history:
        for count, moment in enumerate(MOMENTS, start=1):
            history.append([to_json(moment)])
            assert read_telemetry(path) == MOMENTS[:count]


def test_only_later_epochs_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "telemetry.jsonl")
    assert read_telemetry(path) == MOMENTS
    assert read_telemetry(path, after=1) == MOMENTS[3:]
    assert read_telemetry(path, after=4) == MOMENTS[4:]
    assert read_telemetry(path, after=5) == ()


def test_a_run_of_an_earlier_version_has_no_telemetry(tmp_path: Path) -> None:
    assert read_telemetry(tmp_path / "telemetry.jsonl") == ()


@pytest.mark.parametrize("n_bytes", [1, 20, 200])
def test_a_record_that_was_not_completed_is_left_out(tmp_path: Path, n_bytes: int) -> None:
    path = written(tmp_path / "telemetry.jsonl")
    path.write_bytes(path.read_bytes()[:-n_bytes])
    assert read_telemetry(path) == MOMENTS[:-1]


def test_damaged_records_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "telemetry.jsonl")
    first, second, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([first, second.replace(b"{", b"\0"), b"\0" * 50 + b"\n", b"7 [1]\n", b"\n", *others]))
    assert read_telemetry(path) == (MOMENTS[0], *MOMENTS[2:])


def test_numbers_that_are_not_finite_become_null_and_then_nan_if_they_are_always_measured() -> None:
    layer = replace(LAYER, gradient_norm=math.inf, update_norm=math.nan, dead_fraction=0.25)
    values = to_json(replace(START, layers=(layer,), first_cost=math.nan, cost=math.inf))
    assert (values["first_cost"], values["cost"]) == (None, None)
    assert (values["layers"][0]["gradient_norm"], values["layers"][0]["update_norm"]) == (None, None)
    found = from_json(values)
    assert math.isnan(found.first_cost)
    assert found.cost is None
    assert math.isnan(found.layers[0].gradient_norm)
    assert (found.layers[0].update_norm, found.layers[0].dead_fraction) == (None, 0.25)


def test_json_has_the_fields_of_the_telemetry() -> None:
    assert set(to_json(START)) == set(TelemetryJson.__annotations__) == set(Telemetry.__dataclass_fields__)
    assert set(to_json(START)["layers"][0]) == set(LayerTelemetry.__dataclass_fields__)
