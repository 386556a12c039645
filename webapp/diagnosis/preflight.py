"""Examination of a configuration before a run with it starts."""

from __future__ import annotations

from cachetools import LRUCache
from typing_extensions import TypedDict

from nn.datasets import Dataset
from nn.diagnosis.diagnose import examine_preflight
from nn.diagnosis.examination.data import ExaminedData, data_fields, examine_data
from nn.diagnosis.examination.field_notes import FieldNote, field_notes
from nn.diagnosis.finding import DiagnosisJson, FindingJson, RemedyJson
from nn.diagnosis.finding_json import diagnosis_to_json
from nn.diagnosis.start_examination import StartMeasurement, measure_start, network_fields, start_profile
from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry_json import LayerTelemetryJson, to_json
from nn.errors import HyperparameterError
from nn.hyperparameters.schema import Hyperparameters
from webapp.datasets.library import DatasetLibrary
from webapp.errors import ConflictError, InvalidError
from webapp.json_numbers import json_number
from webapp.runs.service import Runs
from webapp.threads import NewestFirst, in_thread

MAX_WAITING = 8
CACHED_DATA = 8  # examined data sets, about 6 MB each for 60,000 images
CACHED_NETWORKS = 32


class FieldNoteJson(TypedDict):
    """A sentence about a configuration, for the field that it concerns; `field` is null if it concerns none.

    `remedy` is the change that is most likely to help, or null.
    """

    code: str
    field: str | None
    text: str
    remedy: RemedyJson | None


class PreflightJson(TypedDict):
    """A configuration before its first step: findings, measurements, and what a run would need.

    `step_length` is the learning rate times the largest curvature of the cost, and `step_limit` the length above which
    gradient descent overshoots. They are null where they do not apply. `n_examples` is the number of training examples
    that were examined, and `n_curvature_examples` the number from which the curvature was computed; 0 if the network is
    too large for it. `notes` are what the form shows: at most one sentence for each field.
    """

    findings: list[FindingJson]
    observations: list[FindingJson]
    notes: list[FieldNoteJson]
    first_cost: float | None
    expected_first_cost: float | None
    ignored_cost: float | None
    step_length: float | None
    step_limit: float | None
    layers: list[LayerTelemetryJson]
    n_examples: int
    n_curvature_examples: int
    parameter_count: int
    bytes: int
    seconds_per_epoch: float


class Preflight:
    """Examines configurations before their first step.

    One configuration is examined at a time. A newer request never waits behind older ones, because the form sends a
    request whenever a value changes. What depends only on the data, or only on the network, is cached.
    """

    def __init__(self, runs: Runs, library: DatasetLibrary) -> None:
        self._runs = runs
        self._library = library
        self._turns = NewestFirst(MAX_WAITING)
        self._data: LRUCache[object, ExaminedData] = LRUCache(CACHED_DATA)
        self._networks: LRUCache[object, StartMeasurement] = LRUCache(CACHED_NETWORKS)

    def examine(self, *, preset: object = None, hyperparameters: object = None) -> PreflightJson:
        """Examine a configuration on the first steps of a run with it, without starting one.

        Raises InvalidError like the creation of a run, ConflictError if the data set has not been downloaded or newer
        requests have replaced this one, and DatasetError if a file of the data set is damaged.
        """
        parsed, memory = self._runs.configure(preset=preset, hyperparameters=hyperparameters)
        if not self._library.is_available(parsed.dataset):
            title = parsed.dataset_spec.title
            raise ConflictError(f"{title} has not been downloaded yet. The first run with it downloads it.")
        with self._turns.turn() as is_next:
            if not is_next:
                raise ConflictError("Newer values have replaced these before they were examined.")
            version = self._library.load_version(parsed.dataset)
            try:
                start = in_thread(self._examine, parsed, version.dataset, version.version)
            except HyperparameterError as error:
                raise InvalidError(error.fields) from None
            estimate = self._runs.estimate(parsed, memory)
        diagnosis = examine_preflight(parsed, start)
        found: DiagnosisJson = diagnosis_to_json(diagnosis)
        telemetry = to_json(start.telemetry)
        return {
            "findings": found["findings"],
            "observations": found["observations"],
            "notes": [_note_to_json(note) for note in field_notes(parsed, start, diagnosis)],
            "first_cost": telemetry["first_cost"],
            "expected_first_cost": telemetry["expected_first_cost"],
            "ignored_cost": json_number(start.ignored_cost),
            "step_length": _number(start.step_length),
            "step_limit": _number(start.step_limit),
            "layers": telemetry["layers"],
            "n_examples": start.n_examples,
            "n_curvature_examples": start.n_curvature_examples,
            "parameter_count": estimate["parameter_count"],
            "bytes": estimate["bytes"],
            "seconds_per_epoch": estimate["seconds_per_epoch"],
        }

    def _examine(self, h: Hyperparameters, dataset: Dataset, version: str) -> StartProfile:
        data_key = (version, *data_fields(h))
        data = self._data.get(data_key)
        if data is None:
            data = self._data[data_key] = examine_data(h, dataset)
        network_key = (version, network_fields(h))
        measurement = self._networks.get(network_key)
        if measurement is None:
            measurement = self._networks[network_key] = measure_start(h, data)
        return start_profile(h, data, measurement)


def _number(value: float | None) -> float | None:
    return None if value is None else json_number(value)


def _note_to_json(note: FieldNote) -> FieldNoteJson:
    remedy: RemedyJson | None = None
    if note.remedy is not None:
        remedy = {"label": note.remedy.label, "changes": dict(note.remedy.changes)}
    return {"code": note.code, "field": note.field, "text": note.text, "remedy": remedy}
