"""Layers of a network. Their parameters are views of one vector, and their buffers are allocated once."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from nn.array_types import FloatArray
from nn.model.activations import Activation
from nn.parallel.matrix_product import select_product


class Layer(Protocol):
    """A function from inputs (batch_size, n_inputs) to outputs (batch_size, n_units), and its gradient."""

    def resize(self, n_rows: int) -> None:
        """Use the first `n_rows` rows of every buffer from now on."""

    def forward(self, inputs: FloatArray) -> FloatArray:
        """Return the outputs for `inputs`, in a buffer that the next call overwrites."""

    def backward(self, gradient: FloatArray) -> FloatArray:
        """Return the gradient of the cost with respect to the inputs of the last `forward`.

        `gradient` is the gradient of the cost with respect to the outputs; the call overwrites it.
        """


class Dense:
    """A dense layer: activation(inputs · weights + biases).

    `weights` is (n_inputs, n_units). `biases` is (n_units,), or empty if the network has no biases. Both are views of
    the network's parameter vector. `weights_gradient` and `biases_gradient` are the corresponding views of the gradient
    vector. `outputs` are the outputs of the last `forward`.

    In the first layer, `backward` returns an empty gradient. No layer needs the gradient with respect to the network's
    inputs, and its computation would take a large matrix product.
    """

    def __init__(
        self,
        n_inputs: int,
        n_units: int,
        activation: Activation,
        *,
        parameters: FloatArray,
        gradient: FloatArray,
        max_rows: int,
        is_first: bool = False,
    ) -> None:
        n_weights = n_inputs * n_units
        self.weights = parameters[:n_weights].reshape(n_inputs, n_units)
        self.biases = parameters[n_weights:]
        self.weights_gradient = gradient[:n_weights].reshape(n_inputs, n_units)
        self.biases_gradient = gradient[n_weights:]
        self.activation = activation
        self._is_first = is_first
        self._buffers = [
            np.empty((max_rows, n_units), parameters.dtype),
            np.empty((max_rows, n_units), parameters.dtype),
            np.empty((0 if is_first else max_rows, n_inputs), parameters.dtype),
            np.ones(max_rows, parameters.dtype),
        ]
        self.resize(max_rows)

    def resize(self, n_rows: int) -> None:
        """Use the first `n_rows` rows of every buffer from now on."""
        self.outputs, self._scratch, self._inputs_gradient, self._ones = (buffer[:n_rows] for buffer in self._buffers)
        self._product = select_product(n_rows * self.weights.size)

    def forward(self, inputs: FloatArray) -> FloatArray:
        """Return the outputs for `inputs`, and store references to inputs and outputs for `backward`."""
        self._inputs = inputs
        self._product(inputs, self.weights, self.outputs)
        if self.biases.size:
            np.add(self.outputs, self.biases, out=self.outputs)
        self.activation.forward(self.outputs, self._scratch)
        return self.outputs

    def backward(self, gradient: FloatArray) -> FloatArray:
        """Write the gradients of weights and biases, and return the gradient with respect to the inputs."""
        self.activation.backward(self.outputs, gradient, self._scratch)
        self._product(self._inputs.T, gradient, self.weights_gradient)
        if self.biases.size:
            np.dot(self._ones, gradient, out=self.biases_gradient)  # the sum over the batch, faster than `sum`
        if not self._is_first:
            self._product(gradient, self.weights.T, self._inputs_gradient)
        return self._inputs_gradient


class Dropout:
    """Inverted dropout: the layer sets a random fraction of the inputs to 0 and scales up the others.

    Therefore prediction needs no scaling (N. Srivastava et al., "Dropout", 2014, section 10).
    """

    def __init__(self, rate: float, n_units: int, max_rows: int, dtype: np.dtype, rng: np.random.Generator) -> None:
        self._rate = rate
        self._rng = rng
        self._buffers = [np.empty((max_rows, n_units), dtype) for _ in range(2)]
        self.resize(max_rows)

    def resize(self, n_rows: int) -> None:
        """Use the first `n_rows` rows of every buffer from now on."""
        self._outputs, self._mask = (buffer[:n_rows] for buffer in self._buffers)

    def forward(self, inputs: FloatArray) -> FloatArray:
        """Return the inputs multiplied by a new random mask."""
        self._rng.random(out=self._mask, dtype=self._mask.dtype.type)
        np.greater_equal(self._mask, self._rate, out=self._mask)
        np.multiply(self._mask, 1.0 / (1.0 - self._rate), out=self._mask)
        np.multiply(inputs, self._mask, out=self._outputs)
        return self._outputs

    def backward(self, gradient: FloatArray) -> FloatArray:
        """Return the gradient multiplied by the same mask."""
        np.multiply(gradient, self._mask, out=gradient)
        return gradient
