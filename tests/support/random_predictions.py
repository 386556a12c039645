"""Predictions from outputs, and random predictions with labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.analysis.predictions import Predictions


def predictions_from(outputs: ArrayLike, losses: ArrayLike) -> Predictions:
    """Return predictions with the probabilities in `outputs` (n_images, n_classes), clipped to 0…1."""
    values = np.asarray(outputs, np.float64)
    clipped = np.clip(values, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = np.where(np.isfinite(values), np.log(clipped) - np.log1p(-clipped), np.nan)
    return Predictions.from_log_odds(log_odds, losses, values.argmax(axis=1).astype(np.uint8))


def random_predictions(
    n_images: int = 200, n_classes: int = 10, seed: int = 0
) -> tuple[Predictions, NDArray[np.uint8]]:
    """Return random predictions, and labels that about half of the predictions match."""
    rng = np.random.default_rng(seed)
    outputs = rng.dirichlet(np.full(n_classes, 0.3), n_images).astype(np.float32)
    labels = np.where(rng.random(n_images) < 0.5, outputs.argmax(axis=1), rng.integers(0, n_classes, n_images))
    losses = -np.log(np.maximum(outputs[np.arange(n_images), labels], 1e-30))
    return predictions_from(outputs, losses), labels.astype(np.uint8)
