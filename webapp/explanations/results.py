"""Results of an explanation, and their JSON form."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.explanations.logit_gap import LogitGap, UnitContribution
from nn.explanations.pixel_attribution import PixelAttribution
from nn.explanations.training_influence import Examples
from webapp.images.signed_image import SignedImage
from webapp.json_numbers import json_number, json_numbers

WHITE = 255


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedPrediction:
    """The prediction for an image by the network of `weights_epoch`, which is the stored epoch nearest to `epoch`.

    `pixels` is uint8 (n_features,), from 0 (black) to 255 (white). `shape` is (height, width). `logits` and
    `probabilities` are (n_classes,). `predicted_label` is the predicted class.
    """

    epoch: int
    weights_epoch: int
    shape: tuple[int, int]
    pixels: NDArray[np.uint8]
    logits: Float64Array
    probabilities: Float64Array
    predicted_label: int

    def epochs(self) -> dict[str, Any]:
        """Return the JSON members that all responses share."""
        return {"epoch": self.epoch, "weights_epoch": self.weights_epoch}

    def outputs(self) -> dict[str, Any]:
        """Return the JSON members with logits and probabilities."""
        return {"sums": json_numbers(self.logits), "probabilities": json_numbers(self.probabilities)}

    def image(self) -> dict[str, Any]:
        """Return the JSON members with the image."""
        return {"shape": self.shape, "pixels": base64.b64encode(self.pixels.tobytes()).decode()}

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {**self.epochs(), **self.image(), **self.outputs(), "predicted_label": self.predicted_label}


@dataclass(frozen=True, slots=True, eq=False)
class ShiftMap:
    """The prediction at each shift: `predicted` and `confidence` are (2·reach + 1, 2·reach + 1).

    The row is the shift down, the column the shift to the right. Both are from −reach to reach.
    """

    reach: int
    predicted: NDArray[np.intp]
    confidence: Float64Array

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        confidence = [json_numbers(row) for row in self.confidence]
        return {"reach": self.reach, "predicted": self.predicted.tolist(), "confidence": confidence}


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The explanation of why the network predicts one class and not the rival class."""

    prediction: ExplainedPrediction
    index: int
    true_label: int
    rival_label: int
    gap: LogitGap
    attribution: PixelAttribution
    shifts: ShiftMap

    @property
    def is_correct(self) -> bool:
        """True if the prediction is correct."""
        return self.prediction.predicted_label == self.true_label

    @property
    def unit_scale(self) -> float:
        """The largest magnitude in the heat maps of all units."""
        magnitudes = [np.abs(np.nan_to_num(unit.image)).max(initial=0.0) for unit in self.gap.units]
        return float(max(magnitudes, default=0.0))

    def unit_images(self) -> list[SignedImage]:
        """Return the heat maps of the units, all on the same scale."""
        scale = self.unit_scale
        return [SignedImage.from_values(unit.image, scale) for unit in self.gap.units]

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        labels = {
            "index": self.index,
            "true_label": self.true_label,
            "predicted_label": self.prediction.predicted_label,
            "rival_label": self.rival_label,
        }
        return {
            **self.prediction.epochs(),
            **labels,
            **self.prediction.image(),
            **self.prediction.outputs(),
            "gap": self._gap(),
            "evidence": self._attribution(),
            "shifts": self.shifts.to_json(),
        }

    def _gap(self) -> dict[str, Any]:
        gap = self.gap
        return {
            "value": json_number(gap.value),
            "units": [_unit(unit, image) for unit, image in zip(gap.units, self.unit_images(), strict=True)],
            "n_units": gap.n_units,
            "other_units": json_number(gap.other_units),
            "biases": json_number(gap.biases),
            "error": json_number(gap.error),
            "pictures": gap.image_kind,
            "scale": self.unit_scale,
        }

    def _attribution(self) -> dict[str, Any]:
        attribution = self.attribution
        heat_map = SignedImage.from_values(attribution.contributions)
        return {
            "method": attribution.method,
            "levels": heat_map.encoded(),
            "scale": heat_map.scale,
            "pixels": json_number(attribution.pixels),
            "rest": json_number(attribution.rest),
            "error": json_number(attribution.error),
            "steps": attribution.steps,
        }


@dataclass(frozen=True, slots=True, eq=False)
class TrainingExamples:
    """The nearest and most influential training images."""

    prediction: ExplainedPrediction
    examples: Examples

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        found = self.examples
        return {
            **self.prediction.epochs(),
            "by_pixels": [asdict(neighbor) for neighbor in found.by_pixels],
            "by_hidden": None if found.by_hidden is None else [asdict(neighbor) for neighbor in found.by_hidden],
            "pushes": [
                {"index": each.index, "label": each.label, "push": each.influence} for each in found.influential
            ],
            "checkpoints": found.checkpoints,
        }


@dataclass(frozen=True, slots=True, eq=False)
class CounterfactualResult:
    """The smallest change found that corrects a prediction.

    `change` (n_features,) is the change of each pixel, where 1 is the change from black to white. `size` is the
    Euclidean norm of `change`. `prediction` is the prediction for the changed image, after its pixels are rounded to
    whole gray levels. If `found` is False, `change` is 0.
    """

    prediction: ExplainedPrediction
    found: bool
    size: float
    change: Float64Array

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        prediction, heat_map = self.prediction, SignedImage.from_values(self.change)
        return {
            **prediction.epochs(),
            "found": self.found,
            "size": json_number(self.size),
            "pixels": prediction.image()["pixels"],
            "levels": heat_map.encoded(),
            "scale": heat_map.scale,
            "predicted_label": prediction.predicted_label,
            **prediction.outputs(),
        }


def _unit(unit: UnitContribution, image: SignedImage) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "activation": json_number(unit.activation),
        "weight_difference": json_number(unit.weight_difference),
        "contribution": json_number(unit.contribution),
        "levels": image.encoded(),
    }
