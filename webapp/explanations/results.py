"""What is told of one test image before the network of a run, and how it travels."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.explanations.logit_gap import LogitGap, UnitContribution
from nn.explanations.pixel_attribution import PixelAttribution
from nn.explanations.training_influence import Examples
from webapp.images.signed_image import SignedImage

WHITE = 255


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedPrediction:
    """What the network of `weights_epoch`, the kept one nearest to `epoch`, says of an image.

    `pixels` is uint8 (n_features,), 0 black to 255 white, of an image of `shape` (height, width); `logits` and
    `probabilities` are (n_classes,).
    """

    epoch: int
    weights_epoch: int
    shape: tuple[int, int]
    pixels: NDArray[np.uint8]
    logits: Float64Array
    probabilities: Float64Array

    @property
    def predicted_label(self) -> int:
        """The class of the largest sum."""
        return int(self.logits.argmax())

    def epochs(self) -> dict[str, Any]:
        """The members with which every answer begins."""
        return {"epoch": self.epoch, "weights_epoch": self.weights_epoch}

    def outputs(self) -> dict[str, Any]:
        """The members that tell what the network says."""
        return {"sums": numbers(self.logits), "probabilities": numbers(self.probabilities)}

    def image(self) -> dict[str, Any]:
        """The members that tell what it is said of."""
        return {"shape": self.shape, "pixels": base64.b64encode(self.pixels.tobytes()).decode()}

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {**self.epochs(), **self.image(), **self.outputs(), "predicted_label": self.predicted_label}


@dataclass(frozen=True, slots=True, eq=False)
class ShiftMap:
    """What the network says of the image at each shift: `predicted` and `confidence` are (2·reach + 1, 2·reach + 1).

    The row is the shift down, the column that to the right, each from −reach to reach.
    """

    reach: int
    predicted: NDArray[np.intp]
    confidence: Float64Array

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        confidence = [numbers(row) for row in self.confidence]
        return {"reach": self.reach, "predicted": self.predicted.tolist(), "confidence": confidence}


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why the network says what it says of a test image, against the rival class."""

    answer: ExplainedPrediction
    index: int
    true_label: int
    rival_label: int
    gap: LogitGap
    attribution: PixelAttribution
    shifts: ShiftMap

    @property
    def is_right(self) -> bool:
        """Whether the network reads the image as what it is."""
        return self.answer.predicted_label == self.true_label

    @property
    def unit_scale(self) -> float:
        """The largest magnitude in the pictures of the units."""
        magnitudes = [np.abs(np.nan_to_num(unit.image)).max(initial=0.0) for unit in self.gap.units]
        return float(max(magnitudes, default=0.0))

    def unit_images(self) -> list[SignedImage]:
        """The pictures of the units, on one scale."""
        scale = self.unit_scale
        return [SignedImage.of(unit.image, scale) for unit in self.gap.units]

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        labels = {
            "index": self.index,
            "true_label": self.true_label,
            "predicted_label": self.answer.predicted_label,
            "rival_label": self.rival_label,
        }
        return {
            **self.answer.epochs(),
            **labels,
            **self.answer.image(),
            **self.answer.outputs(),
            "gap": self._gap(),
            "evidence": self._attribution(),
            "shifts": self.shifts.to_json(),
        }

    def _gap(self) -> dict[str, Any]:
        gap = self.gap
        return {
            "value": number(gap.value),
            "units": [_unit(unit, picture) for unit, picture in zip(gap.units, self.unit_images(), strict=True)],
            "n_units": gap.n_units,
            "other_units": number(gap.other_units),
            "biases": number(gap.biases),
            "error": number(gap.error),
            "pictures": gap.image_kind,
            "scale": self.unit_scale,
        }

    def _attribution(self) -> dict[str, Any]:
        attribution = self.attribution
        picture = SignedImage.of(attribution.contributions)
        return {
            "method": attribution.method,
            "levels": picture.encoded(),
            "scale": picture.scale,
            "pixels": number(attribution.pixels),
            "rest": number(attribution.rest),
            "error": number(attribution.error),
            "steps": attribution.steps,
        }


@dataclass(frozen=True, slots=True, eq=False)
class TrainingExamples:
    """The training images that have to do with an answer."""

    answer: ExplainedPrediction
    examples: Examples

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {**self.answer.epochs(), **asdict(self.examples)}


@dataclass(frozen=True, slots=True, eq=False)
class CounterfactualResult:
    """What the network says once as little as possible is changed of an image that it reads wrong.

    `change` (n_features,) is what each pixel gains, `size` its Euclidean length; both in units of the range from black
    to white. `answer` is to the changed image in whole grey levels. Where none was `found`, nothing is changed.
    """

    answer: ExplainedPrediction
    found: bool
    size: float
    change: Float64Array

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        answer, picture = self.answer, SignedImage.of(self.change)
        return {
            **answer.epochs(),
            "found": self.found,
            "size": number(self.size),
            "pixels": answer.image()["pixels"],
            "levels": picture.encoded(),
            "scale": picture.scale,
            "predicted_label": answer.predicted_label,
            **answer.outputs(),
        }


def number(value: float) -> float | None:
    """`None` where it is not finite."""
    return float(value) if math.isfinite(value) else None


def numbers(values: Iterable[float]) -> list[float | None]:
    """The same of each."""
    return [number(value) for value in values]


def _unit(unit: UnitContribution, picture: SignedImage) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "activation": number(unit.activation),
        "weight_difference": number(unit.weight_difference),
        "contribution": number(unit.contribution),
        "levels": picture.encoded(),
    }
