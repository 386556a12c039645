"""The explanation of one image as an HTML page that needs no server."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.datasets.dataset import Dataset
from webapp.explanations.number_format import digits_for, error_size, plain, probability, signed, upper_bound
from webapp.explanations.results import WHITE, CounterfactualResult, ExplainedPrediction, Explanation, TrainingExamples
from webapp.images.png import draw_image, draw_weights
from webapp.storage.run_record import RunRecord

CELL = 20  # width of a cell of the shift map in pixels, with the gap between cells


@dataclass(frozen=True, slots=True, eq=False)
class ExplanationReport:
    """The content of the report.

    `examples` and `counterfactual` are error messages if they cannot be computed. `counterfactual` is None if the
    prediction is correct.
    """

    run: RunRecord
    dataset: Dataset
    explanation: Explanation
    examples: TrainingExamples | str
    counterfactual: CounterfactualResult | str | None
    style_sheet: bytes

    def context(self) -> dict[str, Any]:
        """Return the variables of templates/explanation_report.html. This draws images, so call it in a thread."""
        explanation = self.explanation
        return {
            "title": f"Test image {explanation.index}: predicted {self._predicted} · {self.run.name}",
            "style_sheet": _data_url("text/css", self.style_sheet),
            "image": self._grey(self._prediction.pixels),
            "run_id": self.run.id,
            "is_correct": explanation.is_correct,
            "true_class": self._name(explanation.true_label),
            "predicted": self._predicted,
            "rival": self._name(explanation.rival_label),
            "facts": self._facts(),
            "outputs": [self._output(label) for label in range(len(self.dataset.class_names))],
            "gap": self._gap(),
            "attribution": self._attribution(),
            "shifts": self._shifts(),
            "counterfactual": self._counterfactual(),
            "examples": self._examples(),
        }

    @property
    def _prediction(self) -> ExplainedPrediction:
        return self.explanation.prediction

    @property
    def _predicted(self) -> str:
        return self._name(self._prediction.predicted_label)

    def _name(self, label: int) -> str:
        return self.dataset.class_names[label]

    def _facts(self) -> list[tuple[str, str]]:
        prediction = self._prediction
        is_other = prediction.weights_epoch != prediction.epoch
        weights = f" (weights of epoch {prediction.weights_epoch})" if is_other else ""
        return [
            ("Test image", f"{self.explanation.index:,} of {self.run.dataset_spec.title}"),
            ("Run", f"{self.run.id} · {self.run.name}"),
            ("Epoch", f"{prediction.epoch}{weights}"),
            ("Confidence", probability(prediction.probabilities[prediction.predicted_label])),
        ]

    def _output(self, label: int) -> dict[str, Any]:
        prediction = self._prediction
        output = prediction.probabilities[label]
        mark = side = ""
        if label == self.explanation.true_label:
            side, mark = "correct", "✓ true"
        elif label == prediction.predicted_label:
            side, mark = "incorrect", "✗ predicted"
        return {
            "name": self._name(label),
            "side": side,
            "mark": mark,
            "output": probability(output),
            "percentage": plain(100 * float(np.nan_to_num(output))),
            "logit": signed(prediction.logits[label]),
        }

    def _gap(self) -> dict[str, Any]:
        gap = self.explanation.gap
        n_others = gap.n_units - len(gap.units)
        rest = [("biases", gap.biases)]
        if n_others or not gap.units:
            rest.insert(0, (f"{n_others:,} other units" if gap.units else "all pixels", gap.other_units))
        contributions = [*(part for _, part in rest), *(unit.contribution for unit in gap.units)]
        largest = max(abs(gap.value), *map(abs, contributions))
        digits = digits_for(gap.value)

        def part(value: float) -> dict[str, Any]:
            return {"contribution": signed(value, digits), "bar": round(float(100 * value / (largest or 1)), 2)}

        return {
            "value": signed(gap.value, digits),
            "bar": part(gap.value)["bar"],
            "error": error_size(gap.error),
            "image_kind": gap.image_kind,
            "units": [
                {
                    "unit": unit.unit,
                    "image": self._heat_map(unit.image),
                    "activation": plain(unit.activation),
                    "weights": signed(unit.weight_difference),
                    **part(unit.contribution),
                }
                for unit in gap.units
            ],
            "rest": [{"name": name, **part(value)} for name, value in rest],
        }

    def _attribution(self) -> dict[str, Any]:
        attribution, gap = self.explanation.attribution, self.explanation.gap
        digits = digits_for(gap.value)
        numbers = attribution.pixels, attribution.rest, gap.value
        pixels, rest, value = (signed(number, digits) for number in numbers)
        name = "biases" if attribution.method == "linear" else "black image"
        return {
            "image": self._heat_map(attribution.contributions),
            "method": attribution.method,
            "steps": attribution.steps,
            "error": error_size(attribution.error),
            "equation": f"pixels {pixels}, {name} {rest}: together {value}",
        }

    def _shifts(self) -> dict[str, Any]:
        shifts, true = self.explanation.shifts, self.explanation.true_label
        side = 2 * shifts.reach + 1
        cells = [
            {
                "x": column * CELL + 1,
                "y": row * CELL + 1,
                "name": int(label),
                "side": "correct" if label == true else "incorrect",
                "is_center": row == column == shifts.reach,
            }
            for (row, column), label in np.ndenumerate(shifts.predicted)
        ]
        n_correct = int((shifts.predicted == true).sum())
        are_digits = all(name.isdigit() for name in self.dataset.class_names)
        return {
            "side": side * CELL,
            "cells": cells,
            "summary": f"Predicted {self._name(true)} at {n_correct} of {side * side} positions. The frame marks the "
            "original position.",
            "key": "" if are_digits else ", ".join(f"{k} {name}" for k, name in enumerate(self.dataset.class_names)),
        }

    def _counterfactual(self) -> dict[str, Any] | None:
        found = self.counterfactual
        if found is None:
            return None
        if isinstance(found, str):
            return {"problem": found}
        if not found.found:
            return {"problem": "The search found no change of the pixels that corrects the prediction."}
        return {
            "size": upper_bound(found.size),
            "change": self._heat_map(found.change),
            "image": self._grey(found.prediction.pixels),
            "predicted": self._name(found.prediction.predicted_label),
        }

    def _examples(self) -> dict[str, Any]:
        if isinstance(self.examples, str):
            return {"problem": self.examples}
        found = self.examples.examples
        digits = digits_for(max((abs(each.influence) for each in found.influential), default=1.0))
        return {
            "by_pixels": [self._example(near.index, near.label, plain(near.distance)) for near in found.by_pixels],
            "by_hidden": [
                self._example(near.index, near.label, plain(near.distance)) for near in found.by_hidden or ()
            ],
            "influential": [
                self._example(each.index, each.label, signed(each.influence, digits), _side(each.influence))
                for each in found.influential
            ],
            "epochs": ", ".join(map(str, found.checkpoints)),
        }

    def _example(self, index: int, label: int, value: str, side: str = "") -> dict[str, Any]:
        (stored,) = self.dataset.train.take(np.array([index]))
        image = draw_image(stored, self.dataset.image_shape or self._prediction.shape, self.dataset.pixel_max)
        labels = {"index": f"{index:,}", "label": self._name(label), "value": value, "side": side}
        return {"image": _data_url("image/png", image), **labels}

    def _grey(self, pixels: NDArray[np.uint8]) -> str:
        return _data_url("image/png", draw_image(pixels, self._prediction.shape, WHITE))

    def _heat_map(self, values: Float64Array) -> str:
        return _data_url("image/png", draw_weights(values[:, np.newaxis], self._prediction.shape, 0))


def _side(value: float) -> str:
    return "negative" if value < 0 else "positive"


def _data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
