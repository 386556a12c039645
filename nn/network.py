"""A feedforward network over one flat vector of parameters and one of their gradient."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.activations import ACTIVATIONS
from nn.errors import ShapeError
from nn.hyperparameters import Hyperparameters
from nn.initializers import BIAS_INITIALIZERS, INITIALIZERS
from nn.layers import Dense, Dropout, Layer
from nn.losses import LOSSES, Floats, Labels


class Network:
    """Dense layers, with dropout between them where it is asked for, and the loss at their end.

    `parameters` and `gradient` are flat, (parameter_count,); the layers hold views of them, so that an optimizer
    needs to know nothing of layers. `sizes` are the units from the inputs to the outputs.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: str,
        output_activation: str,
        loss: str,
        dtype: str = "float32",
        l1: float = 0.0,
        l2: float = 0.0,
        dropout_rate: float = 0.0,
        dropout_rng: np.random.Generator | None = None,
    ) -> None:
        self.sizes = tuple(sizes)
        self.loss = LOSSES[loss]
        self.l1, self.l2 = l1, l2
        shapes = list(itertools.pairwise(sizes))
        self.parameters: Floats = np.zeros(sum(Dense.size(*shape) for shape in shapes), dtype)
        self.gradient: Floats = np.zeros_like(self.parameters)
        self.layers: list[Layer] = []
        start = 0
        for index, (fan_in, fan_out) in enumerate(shapes):
            is_last = index == len(shapes) - 1
            last_activation = "linear" if self.loss.takes_logits else output_activation
            part = slice(start, start + Dense.size(fan_in, fan_out))
            self.layers.append(
                Dense(
                    fan_in,
                    fan_out,
                    ACTIVATIONS[last_activation if is_last else activation],
                    parameters=self.parameters[part],
                    gradient=self.gradient[part],
                    is_first=index == 0,
                )
            )
            if dropout_rate and not is_last:
                rng = dropout_rng or np.random.default_rng()
                self.layers.append(Dropout(dropout_rate, rng, fan_out, self.parameters.dtype))
            start = part.stop
        self.dense_layers = [layer for layer in self.layers if isinstance(layer, Dense)]
        self._dropouts = [layer for layer in self.layers if isinstance(layer, Dropout)]
        self._max_batch_size = 0

    @classmethod
    def from_hyperparameters(
        cls, hyperparameters: Hyperparameters, rng: np.random.Generator, dropout_rng: np.random.Generator | None = None
    ) -> Network:
        """Make the network that `hyperparameters` describe, its first parameters drawn from `rng`."""
        h, spec = hyperparameters, hyperparameters.dataset_spec
        network = cls(
            (spec.n_features, *h.hidden_sizes, spec.n_classes),
            activation=h.activation,
            output_activation=h.output_activation,
            loss=h.loss,
            dtype=h.dtype,
            l1=h.l1,
            l2=h.l2,
            dropout_rate=h.dropout_rate,
            dropout_rng=dropout_rng,
        )
        for layer in network.dense_layers:
            layer.weights[...] = INITIALIZERS[h.initializer](rng, *layer.weights.shape, h.initializer_scale)
            layer.biases[...] = BIAS_INITIALIZERS[h.bias_initializer](rng, len(layer.biases))
        return network

    @property
    def parameter_count(self) -> int:
        """Weights and biases together."""
        return len(self.parameters)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The precision of every number in the network."""
        return self.parameters.dtype

    def allocate(self, max_batch_size: int) -> None:
        """Make every buffer once, for batches of up to `max_batch_size`."""
        if max_batch_size > self._max_batch_size:
            self._max_batch_size = max_batch_size
            for layer in self.layers:
                layer.allocate(max_batch_size)

    def forward(self, inputs: Floats, *, training: bool = False) -> Floats:
        """Return the outputs (batch_size, n_classes), logits where the loss takes them, in a buffer of the network.

        `inputs` is (batch_size, n_features) of the network's dtype. Dropout is on in `training` only. Raises ShapeError
        where the inputs do not fit.
        """
        if inputs.ndim != 2 or inputs.shape[1] != self.sizes[0]:
            raise ShapeError(f"inputs must be (batch_size, {self.sizes[0]}), not {inputs.shape}")
        self.allocate(len(inputs))
        for dropout in self._dropouts:
            dropout.is_training = training
        for layer in self.layers:
            inputs = layer.forward(inputs)
        return inputs

    def backward(self, outputs: Floats, labels: Labels) -> Floats:
        """Write the gradient of the cost, penalty included, and return the loss of each image (batch_size,).

        `outputs` are what `forward` just returned for this batch; they are overwritten. `labels` is (batch_size,).
        """
        if len(labels) != len(outputs):
            raise ShapeError(f"there are {len(labels)} labels for {len(outputs)} images")
        gradient = np.empty_like(outputs)
        losses = self.loss.backward(outputs, labels, gradient)
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        self._add_penalty_gradient()
        return losses

    def penalty(self) -> float:
        """What the weights add to the cost: l1 · Σ|w| + l2 · ½Σw². Biases are free."""
        weights = [layer.weights for layer in self.dense_layers]
        l1 = self.l1 * sum(float(np.abs(part).sum()) for part in weights) if self.l1 else 0.0
        l2 = self.l2 / 2 * sum(float(np.vdot(part, part)) for part in weights) if self.l2 else 0.0
        return l1 + l2

    def predict_proba(self, inputs: Floats) -> Floats:
        """Return what the network says of each class (batch_size, n_classes), between 0 and 1.

        The softmax for softmax cross-entropy, a sigmoid for each output for binary cross-entropy. Least squares on
        one-hot targets estimates the probability of each class too, so the squared losses give their outputs,
        clipped to 0…1.
        """
        outputs = self.forward(inputs).copy()
        self.loss.probabilities(outputs)
        return outputs

    def predict(self, inputs: Floats) -> NDArray[np.intp]:
        """Return the class of the largest output (batch_size,)."""
        classes: NDArray[np.intp] = self.forward(inputs).argmax(axis=1)
        return classes

    def _add_penalty_gradient(self) -> None:
        for layer in self.dense_layers:
            if self.l2:
                layer.weights_gradient += self.l2 * layer.weights
            if self.l1:
                layer.weights_gradient += self.l1 * np.sign(layer.weights)
