"""The output activation and the loss of a network, as functions of its logits."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import predicted_classes
from nn.array_types import FloatArray
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.log_odds import LOG_ODDS
from nn.model.losses import LOSSES


class OutputLoss:
    """An output activation and a loss function of its outputs.

    All arrays of logits, outputs and targets are (batch_size, n_outputs). The logits are the pre-activations of the
    output layer. `name` is unique for each loss and output activation.

    A saturated output activation maps different logits to the same output. Therefore the predicted class and the log
    odds are computed from the logits.
    """

    def __init__(self, loss: str, output_activation: str) -> None:
        self._loss = LOSSES[loss]
        self._is_of_logits = self._loss.expects_logits or output_activation == "linear"
        self._activation = ACTIVATIONS[output_activation]
        self._log_odds = LOG_ODDS[loss if self._loss.expects_logits else output_activation]
        self.name = loss if self._loss.expects_logits else f"{loss} of {output_activation}"

    @classmethod
    def from_hyperparameters(cls, hyperparameters: Hyperparameters) -> Self:
        """Return the loss that `hyperparameters` choose."""
        return cls(hyperparameters.loss, hyperparameters.output_activation)

    def outputs(self, logits: FloatArray) -> FloatArray:
        """Return the outputs. With a cross-entropy, the outputs are the logits."""
        if self._is_of_logits:
            return logits
        outputs = logits.copy()
        self._activation.forward(outputs, np.empty_like(outputs))
        return outputs

    def values(self, logits: FloatArray, targets: FloatArray) -> FloatArray:
        """Return the loss (batch_size,) of each image."""
        return self._loss.values(self.outputs(logits), targets)

    def gradient(self, logits: FloatArray, targets: FloatArray, out: FloatArray) -> None:
        """Write into `out` the derivative of each image's loss with respect to its logits."""
        if self._is_of_logits:
            self._loss.gradient(logits, targets, out)
            return
        outputs = logits.copy()
        self._activation.forward(outputs, out)
        self._loss.gradient(outputs, targets, out)
        self._activation.backward(outputs, out, np.empty_like(out))

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Return the probability (batch_size, n_outputs) of each class, in 0…1."""
        return self._loss.probabilities(self.outputs(logits))

    def log_odds(self, logits: FloatArray) -> FloatArray:
        """Return ln(p / (1 − p)) for each probability p; −∞ or ∞ where p is exactly 0 or 1."""
        return self._log_odds(logits)

    def classes(self, logits: FloatArray) -> NDArray[np.intp]:
        """Return the predicted class (batch_size,) of each image.

        With a single output, the class is 1 if its probability exceeds ½, otherwise 0.
        """
        if logits.shape[1] == 1:
            return np.asarray(self.log_odds(logits)[:, 0] > 0.0, np.intp)
        return predicted_classes(logits)
