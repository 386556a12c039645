"""Log odds ln(p / (1 − p)) of the probabilities p, computed from the logits.

A number of few bits can store log odds with a small relative error of both p and 1 − p. Each function maps logits
(n_images, n_outputs) to an array of the same shape. The log odds are −∞ or ∞ where p is exactly 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nn.array_types import FloatArray


def _of_sigmoid(logits: FloatArray) -> FloatArray:
    """For p = σ(z), the log odds are z."""
    return logits


def _of_softmax(logits: FloatArray) -> FloatArray:
    """For p = softmax(z), the log odds of class i are zᵢ − ln Σ e^zⱼ over the other classes j."""
    largest = logits.argmax(axis=1)[:, np.newaxis]
    top = np.take_along_axis(logits, largest, axis=1)
    others = logits.copy()
    np.put_along_axis(others, largest, -np.inf, axis=1)
    second = others.max(axis=1, keepdims=True)
    of_largest = top - second - np.log(np.exp(others - second).sum(axis=1, keepdims=True))
    exponentials = np.exp(others - top)
    found: FloatArray = others - top - np.log1p(exponentials.sum(axis=1, keepdims=True) - exponentials)
    np.put_along_axis(found, largest, of_largest, axis=1)
    return found


def _of_tanh(logits: FloatArray) -> FloatArray:
    """For p = max(tanh(z), 0), ln(1 − p) is ln 2 − ln(1 + e²ᶻ)."""
    positive = np.maximum(logits, 0.0)
    return np.log(np.tanh(positive)) + np.logaddexp(0.0, 2.0 * positive) - math.log(2.0)


def _of_linear(logits: FloatArray) -> FloatArray:
    """The probability p is z, clipped to 0…1."""
    probabilities = np.clip(logits, 0.0, 1.0)
    return np.log(probabilities) - np.log1p(-probabilities)


LOG_ODDS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "softmax_cross_entropy": _of_softmax,
    "binary_cross_entropy": _of_sigmoid,
    "sigmoid": _of_sigmoid,
    "tanh": _of_tanh,
    "linear": _of_linear,
}
"""The log odds for each cross-entropy, and for each output activation of a squared loss."""
