"""JSON responses about data sets, hyperparameters, and predictions for all test images."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from nn.analysis.learning_dynamics import LearningCategory
from webapp.datasets.downloads import DatasetProgressEvent
from webapp.misclassified.listing import ListedImage
from webapp.storage.run_record import HyperparametersJson, Value


class DatasetInfo(TypedDict):
    """A data set; a table has no image shape, and only its first feature names are listed.

    `file_warning` describes files that are not the published files of the data set.
    """

    name: str
    title: str
    description: str
    credit: str
    license: str
    homepage: str
    kind: Literal["images", "table"]
    task: Literal["classification", "regression"]
    class_names: list[str]
    feature_names: list[str]
    target_names: list[str]
    n_features: int
    n_outputs: int
    sketch: Literal["boundary", "curve", "scatter"] | None
    image_shape: tuple[int, int] | None
    pixel_max: int | None
    train_size: int
    test_size: int
    download_bytes: int
    available: bool
    file_warning: str | None
    fetch: DatasetProgressEvent | None


class LabeledImage(TypedDict):
    """The label of one image."""

    index: int
    label: int


class Example(TypedDict):
    """One row of a table, with its first inputs."""

    index: int
    label: int | None
    inputs: list[float]
    targets: list[float]


class GlossaryTerm(TypedDict):
    """A term of the glossary, and the address of its definition."""

    name: str
    address: str


class FieldInfo(TypedDict):
    """One hyperparameter of the form. If its type is sizes, the bounds apply to each size."""

    name: str
    label: str
    help: str
    glossary_term: GlossaryTerm | None
    unit: str
    group: str
    type: Literal["number", "integer", "choice", "boolean", "sizes"]
    default: Value
    choices: list[str] | None
    choice_names: dict[str, str]
    minimum: float | None
    exclusive_minimum: float | None
    maximum: float | None
    exclusive_maximum: float | None
    applies_when: dict[str, list[Value]]
    advanced: bool


class FieldGroup(TypedDict):
    """A group of fields in the form."""

    name: str
    title: str


class Schema(TypedDict):
    """The groups and fields of the hyperparameter form."""

    groups: list[FieldGroup]
    fields: list[FieldInfo]


class PresetInfo(TypedDict):
    """A preset, with its results as texts.

    `published` is the result that the source reports. `checked` is the result of a faithful reimplementation of the
    published system. `reached` is the result of Misfit.
    """

    id: str
    title: str
    note: str
    group: str
    source: str | None
    published: str | None
    checked: str | None
    reached: str | None
    hyperparameters: HyperparametersJson


class MisclassifiedList(TypedDict):
    """A page of test images; `total` and `flagged` count the images and the flagged images on all pages.

    `images_match` is false if these are not the images that the run was tested on, and null for a run of an earlier
    version, for which this is unknown.
    """

    total: int
    epoch: int
    flagged: int
    images_match: bool | None
    items: list[ListedImage]


class ConfusionMatrix(TypedDict):
    """Counts of test images: row = true class, column = predicted class."""

    epoch: int
    labels: list[str]
    matrix: list[list[int]]


class CalibrationBin(TypedDict):
    """The images with a confidence between two limits; mean confidence and accuracy are null without images."""

    lower: float
    upper: float
    images: int
    confidence: float | None
    accuracy: float | None


class CalibrationThreshold(TypedDict):
    """Coverage and accuracy of the predictions with a confidence of at least `threshold`."""

    threshold: float
    coverage: float
    accuracy: float | None


class CalibrationResponse(TypedDict):
    """The calibration of the predictions for all test images."""

    epoch: int
    images: int
    accuracy: float | None
    expected_calibration_error: float | None
    bins: list[CalibrationBin]
    thresholds: list[CalibrationThreshold]


class HistoryCounts(TypedDict):
    """The number of test images in each category of learning dynamics."""

    epoch: int
    counts: dict[LearningCategory, int]


class ImageHistory(TypedDict):
    """The predicted class of one test image after each epoch."""

    index: int
    true_label: int
    predicted: list[int]


class GuessScore(TypedDict):
    """Three counts of one run: its guesses, the correct guesses, and the correct predictions for the guessed images."""

    guesses: int
    person_right: int
    network_right: int


class GuessResponse(TypedDict):
    """A guess and the true label; only the first guess for an image is counted."""

    index: int
    label: int
    true_label: int
    predicted_label: int
    counted: bool
    score: GuessScore


class ImageTransform(TypedDict):
    """The transforms of an edited image."""

    shift: tuple[int, int]
    rotation: float
    thickness: float
    blur: float
