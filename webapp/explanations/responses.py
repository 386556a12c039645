"""JSON responses about one prediction. Images and heat maps are bytes in base64."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class UnitContributionJson(TypedDict):
    """The contribution of one unit of the last hidden layer; `levels` is its heat map, on `LogitGapJson.scale`."""

    unit: int
    activation: float
    weight_difference: float
    contribution: float
    levels: str


class LogitGapJson(TypedDict):
    """The logit gap between the predicted class and its rival, as a sum over hidden units."""

    value: float
    units: list[UnitContributionJson]
    n_units: int
    other_units: float
    biases: float
    error: float
    pictures: Literal["weights", "gradients"] | None
    scale: float


class PixelAttributionJson(TypedDict):
    """The logit gap as a sum over pixels; `rest` is the part that no pixel contributes."""

    method: Literal["linear", "integrated_gradients"]
    levels: str
    scale: float
    pixels: float
    rest: float
    error: float
    steps: int | None


class ShiftMapJson(TypedDict):
    """The prediction for the image at each shift; row and column are shifts down and right, from −reach to reach."""

    reach: int
    predicted: list[list[int]]
    confidence: list[list[float]]


class ExplanationResponse(TypedDict):
    """The explanation of one prediction; `sums` are the logits."""

    epoch: int
    weights_epoch: int
    index: int
    true_label: int
    predicted_label: int
    rival_label: int
    shape: tuple[int, int]
    pixels: str
    sums: list[float]
    probabilities: list[float]
    gap: LogitGapJson
    evidence: PixelAttributionJson
    shifts: ShiftMapJson


class NearImage(TypedDict):
    """A training image and its distance."""

    index: int
    label: int
    distance: float


class InfluentialImage(TypedDict):
    """A training image and its influence; a positive influence favors the predicted class."""

    index: int
    label: int
    push: float


class TrainingExamplesResponse(TypedDict):
    """The nearest and the most influential training images.

    The influence is summed over the networks of the epochs `checkpoints`.
    """

    epoch: int
    weights_epoch: int
    by_pixels: list[NearImage]
    by_hidden: list[NearImage] | None
    pushes: list[InfluentialImage]
    checkpoints: list[int]


class CounterfactualResponse(TypedDict):
    """The smallest change found. The change of one pixel from black to white has size 1; a smaller one may exist."""

    epoch: int
    weights_epoch: int
    found: bool
    size: float
    pixels: str
    levels: str
    scale: float
    predicted_label: int
    sums: list[float]
    probabilities: list[float]


class ProbeResponse(TypedDict):
    """The prediction for an edited image."""

    epoch: int
    weights_epoch: int
    shape: tuple[int, int]
    pixels: str
    sums: list[float]
    probabilities: list[float]
    predicted_label: int
