"""Results of an explanation, and their JSON form."""

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
    """The prediction of the network of `weights_epoch`, the stored epoch nearest to `epoch`.

    `pixels` is uint8 (n_features,), 0 black to 255 white, of an image of `shape` (height, width). `logits` and
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
        """The class with the largest logit."""
        return int(self.logits.argmax())

    def epochs(self) -> dict[str, Any]:
        """Return the members that all answers share."""
        return {"epoch": self.epoch, "weights_epoch": self.weights_epoch}

    def outputs(self) -> dict[str, Any]:
        """Return the members with logits and probabilities."""
        return {"sums": numbers(self.logits), "probabilities": numbers(self.probabilities)}

    def image(self) -> dict[str, Any]:
        """Return the members with the image."""
        return {"shape": self.shape, "pixels": base64.b64encode(self.pixels.tobytes()).decode()}

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {**self.epochs(), **self.image(), **self.outputs(), "predicted_label": self.predicted_label}


@dataclass(frozen=True, slots=True, eq=False)
class ShiftMap:
    """The prediction at each shift: `predicted` and `confidence` are (2·reach + 1, 2·reach + 1).

    The row is the shift down, the column the shift to the right, each from −reach to reach.
    """

    reach: int
    predicted: NDArray[np.intp]
    confidence: Float64Array

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        confidence = [numbers(row) for row in self.confidence]
        return {"reach": self.reach, "predicted": self.predicted.tolist(), "confidence": confidence}


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The explanation of a prediction against its rival class."""

    answer: ExplainedPrediction
    index: int
    true_label: int
    rival_label: int
    gap: LogitGap
    attribution: PixelAttribution
    shifts: ShiftMap

    @property
    def is_right(self) -> bool:
        """True if the prediction is correct."""
        return self.answer.predicted_label == self.true_label

    @property
    def unit_scale(self) -> float:
        """The largest magnitude in the images of the units."""
        magnitudes = [np.abs(np.nan_to_num(unit.image)).max(initial=0.0) for unit in self.gap.units]
        return float(max(magnitudes, default=0.0))

    def unit_images(self) -> list[SignedImage]:
        """Return the images of the units on one scale."""
        scale = self.unit_scale
        return [SignedImage.of(unit.image, scale) for unit in self.gap.units]

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
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
    """The nearest and most influential training images."""

    answer: ExplainedPrediction
    examples: Examples

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {**self.answer.epochs(), **asdict(self.examples)}


@dataclass(frozen=True, slots=True, eq=False)
class CounterfactualResult:
    """The smallest change that corrects a prediction.

    `change` (n_features,) is the change of each pixel and `size` its Euclidean norm, in units from black to white.
    `answer` is the prediction for the changed image in whole grey levels. If none was `found`, the change is 0.
    """

    answer: ExplainedPrediction
    found: bool
    size: float
    change: Float64Array

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
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
    """Convert to a JSON number; a value that is not finite becomes None."""
    return float(value) if math.isfinite(value) else None


def numbers(values: Iterable[float]) -> list[float | None]:
    """Convert to JSON numbers; values that are not finite become None."""
    return [number(value) for value in values]


def _unit(unit: UnitContribution, picture: SignedImage) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "activation": number(unit.activation),
        "weight_difference": number(unit.weight_difference),
        "contribution": number(unit.contribution),
        "levels": picture.encoded(),
    }
