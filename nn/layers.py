"""The layers of a network. Each holds views into the network's flat vectors and its own buffers.

A layer's `forward(inputs)` and `backward(gradient)` are called in turn with the same batch; what they return is a
view of a buffer that the next call overwrites.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.activations import Activation

Floats = NDArray[np.floating[Any]]


class Dense:
    """A fully connected layer: outputs = f(inputs · W + b).

    `parameters` and `gradient` are flat, (fan_in · fan_out + fan_out,): the weights row by row, then the biases.
    """

    def __init__(
        self,
        fan_in: int,
        fan_out: int,
        activation: Activation,
        *,
        parameters: Floats,
        gradient: Floats,
        is_first: bool = False,
    ) -> None:
        n_weights = fan_in * fan_out
        self.activation = activation
        self.weights = parameters[:n_weights].reshape(fan_in, fan_out)
        self.biases = parameters[n_weights:]
        self.weights_gradient = gradient[:n_weights].reshape(fan_in, fan_out)
        self.biases_gradient = gradient[n_weights:]
        self.is_first = is_first
        self.allocate(0)
        self._inputs = self._outputs = self._output_buffer

    @staticmethod
    def size(fan_in: int, fan_out: int) -> int:
        """Count the parameters of a layer."""
        return fan_in * fan_out + fan_out

    def allocate(self, max_batch_size: int) -> None:
        """Make buffers for batches of up to `max_batch_size`."""
        fan_in, fan_out = self.weights.shape
        self._output_buffer = np.empty((max_batch_size, fan_out), self.weights.dtype)
        self._inputs_gradient_buffer = np.empty((0 if self.is_first else max_batch_size, fan_in), self.weights.dtype)

    def forward(self, inputs: Floats) -> Floats:
        """Return the outputs (batch_size, fan_out) for `inputs` (batch_size, fan_in)."""
        self._inputs = inputs
        self._outputs = outputs = self._output_buffer[: len(inputs)]
        np.matmul(inputs, self.weights, out=outputs)
        outputs += self.biases
        self.activation.forward(outputs)
        return outputs

    def backward(self, gradient: Floats) -> Floats:
        """Write the gradient of weights and biases and return that of the inputs (batch_size, fan_in).

        `gradient` (batch_size, fan_out) is that of the outputs; it is overwritten. The first layer's inputs are
        pixels, whose gradient nobody asks for: there the result is empty.
        """
        self.activation.backward(gradient, self._outputs)
        np.matmul(self._inputs.T, gradient, out=self.weights_gradient)
        np.sum(gradient, axis=0, out=self.biases_gradient)
        inputs_gradient = self._inputs_gradient_buffer[: len(gradient)]
        if not self.is_first:
            np.matmul(gradient, self.weights.T, out=inputs_gradient)
        return inputs_gradient


class Dropout:
    """Switches off a share of its inputs in training and scales up the others, so that their mean stays.

    Source: N. Srivastava et al., Dropout, 2014, section 10 (inverted dropout).
    """

    def __init__(self, rate: float, rng: np.random.Generator, n_units: int, dtype: np.dtype[Any]) -> None:
        self.rate = rate
        self._rng = rng
        self._n_units = n_units
        self._dtype = dtype
        self.is_training = False

    def allocate(self, max_batch_size: int) -> None:
        """Make buffers for batches of up to `max_batch_size`."""
        self._draw_buffer = np.empty((max_batch_size, self._n_units), np.float32)
        self._mask_buffer = np.empty((max_batch_size, self._n_units), self._dtype)
        self._output_buffer = np.empty((max_batch_size, self._n_units), self._dtype)

    def forward(self, inputs: Floats) -> Floats:
        """Return `inputs` (batch_size, n_units) times 0 or 1 / (1 − rate); outside training the inputs themselves."""
        if not self.is_training:
            return inputs
        # The inputs stay as they are: the layer that made them needs them for its derivative.
        draws, mask = self._draw_buffer[: len(inputs)], self._mask_buffer[: len(inputs)]
        self._rng.random(out=draws, dtype=np.float32)
        np.greater_equal(draws, self.rate, out=mask, casting="unsafe")
        mask *= 1 / (1 - self.rate)
        return np.multiply(inputs, mask, out=self._output_buffer[: len(inputs)])

    def backward(self, gradient: Floats) -> Floats:
        """Scale `gradient` (batch_size, n_units) in place as the inputs were."""
        gradient *= self._mask_buffer[: len(gradient)]
        return gradient


Layer = Dense | Dropout
