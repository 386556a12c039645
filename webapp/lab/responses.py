"""JSON responses of the lab. Layers are counted from 1, the layer next to the input."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from nn.lab.bug import Kind, Place
from nn.lab.ratio import RatioKind
from nn.lab.small_tests.small_test import Verdict
from webapp.storage.run_record import HyperparametersJson


class LabLineJson(TypedDict):
    """A line of a program, as a formula and in NumPy. `numpy` can have two lines."""

    formula: str
    numpy: str


class LabBugJson(TypedDict):
    """A documented bug.

    `visible` is true if a gradient check sees it, and then `kind` names the gradients that are wrong in its layer.
    `layers` are the layers that can have the bug with the hyperparameters that suit it; a bug of the whole network has
    none. `needs` describes the sizes without which the program raises an error, or is null. `order` counts from 1.
    """

    id: str
    title: str
    place: Place
    right: LabLineJson
    wrong: LabLineJson
    symptom: str
    source: str
    visible: bool
    kind: Kind | None
    layers: list[int]
    needs: str | None
    order: int
    hyperparameters: HyperparametersJson


class LabBugChoice(TypedDict):
    """A bug of a run; a layer of null stands for every layer that can have the bug, or for the whole network."""

    bug: str
    layer: int | None


class LabCurves(TypedDict):
    """The results after some epochs, the first before the first step. A cost that is not finite is null."""

    epochs: list[int]
    train_cost: list[float | None]
    test_cost: list[float | None]
    train_accuracy: list[float | None]
    test_accuracy: list[float | None]


class LabLayerTelemetry(TypedDict):
    """The state of one layer at the epochs of the curves. `dead_fraction` counts units that never fire."""

    layer: int
    gradient_norm: list[float | None]
    update_ratio: list[float | None]
    saturated_fraction: list[float | None]
    dead_fraction: list[float | None]


class LabTelemetry(TypedDict):
    """The telemetry of each layer of both networks, from the input to the output."""

    right: list[LabLayerTelemetry]
    wrong: list[LabLayerTelemetry]


class LabLayerCheck(TypedDict):
    """The gradient check of the weights or biases of one layer, from the output to the input.

    `relative_error` is the largest one of the `n_compared` parameters. `ratio` is the kind of the elementwise ratio of
    the analytic to the numeric gradient, `ratio_value` its number, and `ratio_text` a sentence about it.
    """

    layer: int
    kind: Literal["weights", "biases"]
    relative_error: float
    agrees: bool
    n_compared: int
    ratio: RatioKind
    ratio_value: float | None
    ratio_text: str


class LabDisagreement(TypedDict):
    """The first layer from the output whose gradient is wrong; it has the bug. `text` explains what follows."""

    layer: int
    kind: Kind
    text: str


class LabMatch(TypedDict):
    """A known bug that returns exactly this gradient, up to a relative `difference` of 1e-9."""

    bug: str
    title: str
    layer: int | None
    difference: float


class LabMeasurement(TypedDict):
    """One number that a small test has measured."""

    name: str
    value: float | None


class LabTest(TypedDict):
    """A small test that sees what a gradient check cannot. `bugs` are the bugs that it names if it fails.

    In a hidden run, the verdict is null and the bugs are empty until a guess.
    """

    name: str
    title: str
    explanation: str
    measured: list[LabMeasurement]
    verdict: Verdict | None
    bugs: list[str]


class LabRun(TypedDict):
    """An experiment: the right and the wrong network, trained from the same parameters on the same batches.

    In a hidden run, `bugs` and `match` are null until a guess.
    """

    id: str
    hidden: bool
    guessed: bool
    bugs: list[LabBugChoice] | None
    hyperparameters: HyperparametersJson
    right: LabCurves
    wrong: LabCurves
    telemetry: LabTelemetry
    gradient_check: list[LabLayerCheck]
    first_disagreement: LabDisagreement | None
    match: list[LabMatch] | None
    tests: list[LabTest]


class LabGuess(TypedDict):
    """The verdict on a guess. Only the first guess is `counted`; the page stores the score.

    `layer_correct` is null if the bug is in no particular layer or the guess names none.
    """

    correct: bool
    layer_correct: bool | None
    counted: bool
    bugs: list[LabBugChoice]
    explanation: str
