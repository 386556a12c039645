"""One image's explanation as a page that needs no server: what stands where in it, in words, numbers and pictures."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.datasets.dataset import Dataset
from webapp.explanations.results import WHITE, CounterfactualResult, ExplainedPrediction, Explanation, TrainingExamples
from webapp.images.png import draw_image, draw_weights
from webapp.storage.run_record import RunRecord

CELL = 20  # of the shift map, a side with the gap after it
OUTPUT_WORDS = {
    "softmax_cross_entropy": "the outputs are its softmax, eᶻ / Σ eᶻ, and sum to 100%.",
    "binary_cross_entropy": "each output is the sigmoid of its own sum, 1 / (1 + e⁻ᶻ), so they need not sum to 100%.",
}
SQUARED_WORDS = "each output is what the output units make of their sums, cut to 0…1, so they need not sum to 100%."

OTHER_STEPS = (
    "The optimizer of this run takes other steps than that: pushes compare images, but do not add up to the gap."
)


@dataclass(frozen=True, slots=True, eq=False)
class ExplanationPage:
    """What the page is made of; `exemplified` and `repaired` are sentences where they cannot be told, `repaired` is
    `None` where the answer is right.
    """

    run: RunRecord
    dataset: Dataset
    explained: Explanation
    exemplified: TrainingExamples | str
    repaired: CounterfactualResult | str | None
    style_sheet: bytes

    def words(self) -> dict[str, Any]:
        """What the template says, by the names that it has for it. To be called in a thread, since it draws."""
        explained = self.explained
        loss = self.run.hyperparameters.loss
        return {
            "title": f"Test image {explained.index}: read as {self._predicted} · {self.run.name}",
            "style_sheet": _data_address("text/css", self.style_sheet),
            "picture": self._grey(self._answer.pixels),
            "run_id": self.run.id,
            "is_right": explained.is_right,
            "truth": self._name(explained.true_label),
            "predicted": self._predicted,
            "rival": self._rival,
            "facts": self._facts(),
            "outputs": [self._output(label) for label in range(len(self.dataset.class_names))],
            "output_words": OUTPUT_WORDS.get(loss, SQUARED_WORDS),
            "gap": self._gap(),
            "evidence": self._attribution(),
            "shifts": self._shifts(),
            "repair": self._repair(),
            "near": self._near(),
        }

    @property
    def _answer(self) -> ExplainedPrediction:
        return self.explained.answer

    @property
    def _predicted(self) -> str:
        return self._name(self._answer.predicted_label)

    @property
    def _rival(self) -> str:
        return self._name(self.explained.rival_label)

    def _name(self, label: int) -> str:
        return self.dataset.class_names[label]

    def _facts(self) -> list[tuple[str, str]]:
        answer = self._answer
        weights = f" (weights of epoch {answer.weights_epoch})" if answer.weights_epoch != answer.epoch else ""
        confidence = answer.probabilities[answer.predicted_label]
        return [
            ("Test image", f"{self.explained.index:,} of {self.run.dataset_spec.title}"),
            ("Run", f"{self.run.id} · {self.run.name}"),
            ("After epoch", f"{answer.epoch}{weights}"),
            ("Confidence", _percent(confidence)),
        ]

    def _output(self, label: int) -> dict[str, Any]:
        answer, true = self._answer, self.explained.true_label
        share = answer.probabilities[label]
        mark = side = ""
        if label == true:
            side, mark = "right", "✓ true"
        elif label == answer.predicted_label:
            side, mark = "wrong", "✗ answer"
        return {
            "name": self._name(label),
            "side": side,
            "mark": mark,
            "output": _percent(share),
            "share": _plain(100 * float(np.nan_to_num(share)), 2),
            "sum": _signed(answer.logits[label], _decimals(float(np.abs(answer.logits).max()))),
        }

    def _gap(self) -> dict[str, Any]:
        gap = self.explained.gap
        n_others = gap.n_units - len(gap.units)
        others = (f"{n_others:,} other units" if gap.units else "all pixels", gap.other_units)
        rest = [others] if n_others or not gap.units else []
        rest.append(("biases", gap.biases))
        largest = max(abs(gap.value), *(abs(part) for _, part in rest), *(abs(unit.contribution) for unit in gap.units))
        decimals = _decimals(gap.value)

        def part(value: float) -> dict[str, Any]:
            return {"push": _signed(value, decimals), "share": round(float(100 * value / (largest or 1)), 2)}

        return {
            "value": _signed(gap.value, decimals),
            "share": part(gap.value)["share"],
            "units": [
                {
                    "unit": unit.unit,
                    "picture": self._signed(unit.image),
                    "activation": _plain(unit.activation, 3),
                    "weights": _signed(unit.weight_difference, 3),
                    **part(unit.contribution),
                }
                for unit in gap.units
            ],
            "rest": [{"name": name, **part(value)} for name, value in rest],
            "words": self._gap_words(),
        }

    def _gap_words(self) -> str:
        gap = self.explained.gap
        whom = "the true class" if self.explained.rival_label == self.explained.true_label else "the runner-up"
        if not gap.units:
            return f"Without a hidden layer, the pixels meet the classes directly. The rival is {whom}."
        shown = {
            "weights": "the weights from the pixels to it, blue where light switches it on and orange where it holds "
            "it down",
            "gradients": "how its activation answers, for this image, to a little more light in each pixel: blue "
            "where it rises, orange where it falls",
        }[gap.image_kind or "weights"]
        return (
            f"Each unit of the last hidden layer pushes by its activation times the difference of its weights to "
            f"{self._predicted} and to {self._rival}, {whom}; these pushes and the biases add up to the gap, with a "
            f"rounding error of {_error(gap.error)}. The picture of a unit is {shown}; the strongest pixel of each "
            "has the fullest color."
        )

    def _attribution(self) -> dict[str, Any]:
        attribution, gap = self.explained.attribution, self.explained.gap
        decimals = _decimals(gap.value)
        pixels, rest, value = (
            _signed(number, decimals) for number in (attribution.pixels, attribution.rest, gap.value)
        )
        if attribution.method == "linear":
            name = "biases"
            is_standardized = self.run.hyperparameters.input_scaling == "standardize"
            black = " Black pixels count too: standardized, they are not 0." if is_standardized else ""
            words = (
                "Around this image the network is exactly linear, so that what a pixel adds to the gap is its scaled "
                "value times one number, the effective template; the sum misses the gap by "
                f"{_error(attribution.error)}.{black}"
            )
        else:
            name = "black image"
            words = (
                "Integrated gradients (Sundararajan, Taly and Yan, 2017): the slope of the gap with each pixel, "
                f"averaged over {attribution.steps} images on the way from black to this one, times the pixel; the sum "
                f"misses the gap by {_error(attribution.error)}."
            )
        return {
            "picture": self._signed(attribution.contributions),
            "equation": f"pixels {pixels}, {name} {rest}: together {value}",
            "words": words,
        }

    def _shifts(self) -> dict[str, Any]:
        shifts, true = self.explained.shifts, self.explained.true_label
        side = 2 * shifts.reach + 1
        is_digit = all(name.isdigit() for name in self.dataset.class_names)
        cells = [
            {
                "x": column * CELL + 1,
                "y": row * CELL + 1,
                "name": int(label),
                "side": "right" if label == true else "wrong",
                "is_center": row == column == shifts.reach,
            }
            for (row, column), label in np.ndenumerate(shifts.predicted)
        ]
        n_right = int((shifts.predicted == true).sum())
        names = ", ".join(f"{label} {name}" for label, name in enumerate(self.dataset.class_names))
        return {
            "side": side * CELL,
            "reach": shifts.reach,
            "cells": cells,
            "summary": f"Read as {self._name(true)} at {n_right} of {side * side} places; the frame is where it is.",
            "key": "" if is_digit else names,
        }

    def _repair(self) -> dict[str, Any] | None:
        repaired = self.repaired
        if repaired is None:
            return None
        if isinstance(repaired, str):
            return {"found": False, "words": repaired}
        if not repaired.found:
            return {"found": False, "words": "No change of the pixels was found that gives the true label."}
        return {
            "found": True,
            "size": _plain(repaired.size, 3),
            "change": self._signed(repaired.change),
            "picture": self._grey(repaired.answer.pixels),
            "predicted": self._name(repaired.answer.predicted_label),
            "words": "The nearest image that was found which the network reads as its true label: the size is the "
            "Euclidean distance, in which 1 is one pixel from black to white. Blue pixels become lighter, orange ones "
            "darker.",
        }

    def _near(self) -> dict[str, Any]:
        if isinstance(self.exemplified, str):
            return {"problem": self.exemplified}
        found = self.exemplified.examples

        def example(index: int, label: int, figure: str, side: str = "") -> dict[str, Any]:
            (stored,) = self.dataset.train.take(np.array([index]))
            picture = draw_image(stored, self.dataset.image_shape or self._answer.shape, self.dataset.pixel_max)
            labels = {"index": f"{index:,}", "label": self._name(label), "figure": figure, "side": side}
            return {"picture": _data_address("image/png", picture), **labels}

        decimals = _decimals(max((abs(push.push) for push in found.pushes), default=1.0))
        return {
            "by_pixels": [example(near.index, near.label, _plain(near.distance, 2)) for near in found.by_pixels],
            "by_hidden": [example(near.index, near.label, _plain(near.distance, 2)) for near in found.by_hidden or ()],
            "pushes": [
                example(push.index, push.label, _signed(push.push, decimals), _side(push.push)) for push in found.pushes
            ],
            "words": "The smallest Euclidean distances among the images that the run learned from: over the pixels, in "
            "which 1 is one pixel from black to white, and over the outputs of the last hidden layer.",
            "push_words": self._push_words(found.checkpoints),
        }

    def _push_words(self, checkpoints: Sequence[int]) -> str:
        h = self.run.hyperparameters
        epochs = f"epoch{'s' if len(checkpoints) > 1 else ''} {', '.join(map(str, checkpoints))}"
        learning = "their number" if h.searches else "the sum of their learning rates"
        is_plain = h.optimizer == "sgd" and h.momentum == 0
        caution = "" if is_plain else f" {OTHER_STEPS}"
        return (
            "How far learning from the image would have moved the gap by plain gradient descent, toward "
            f"{self._predicted} (+) or toward {self._rival} (−), in units of the gap. The weights after {epochs} stand "
            "for all epochs so far, each for those nearest to it; of each, the product of both gradients, −∇loss of "
            f"the training image · ∇gap, counts times {learning} and the image’s share of the batch (TracIn: Pruthi, "
            f"Liu, Kale and Sundararajan, 2020).{caution}"
        )

    def _grey(self, pixels: NDArray[np.uint8]) -> str:
        return _data_address("image/png", draw_image(pixels, self._answer.shape, WHITE))

    def _signed(self, values: Float64Array) -> str:
        return _data_address("image/png", draw_weights(values[:, np.newaxis], self._answer.shape, 0))


def _data_address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _side(value: float) -> str:
    return "negative" if value < 0 else "positive"


def _percent(share: float) -> str:
    """In percent, and never rounded to certainty, as on the other pages."""
    if not math.isfinite(share):
        return "no number"
    if 0 < share < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= share < 1 else f"{100 * share:.1f}%"


def _decimals(value: float) -> int:
    """So many digits after the point that `value` has about four in all."""
    return min(max(3 - math.floor(math.log10(abs(value))), 0), 6) if value and math.isfinite(value) else 3


def _plain(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def _signed(value: float, decimals: int) -> str:
    return f"{value:+z.{decimals}f}".replace("-", "−")


def _error(value: float) -> str:
    return f"{abs(value):.0e}".replace("-", "−") if value else "0"
