"""A network of dense layers, with one vector of parameters and one vector of gradients."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nn.array_types import FloatArray
from nn.errors import ShapeError
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.initializers import BIAS_INITIALIZERS, INITIALIZERS
from nn.model.layers import Dense, Dropout, Layer
from nn.model.output_loss import OutputLoss
from nn.model.weight_penalty import WeightPenalty

MAX_ROWS = 1024
"""Largest number of images in one forward pass. Larger batches are divided into chunks, which limits the memory for
activations."""


class Network:
    """A multilayer perceptron with its loss and weight penalty.

    `parameters` and `gradient` are flat vectors: for each layer its weights, row by row, then its biases. The arrays of
    the layers are views of these vectors, so an optimizer updates one vector and a checkpoint stores one array.

    The last layer is linear: it computes the logits. `loss` applies the output activation.
    """

    def __init__(
        self,
        hyperparameters: Hyperparameters,
        n_features: int,
        n_outputs: int,
        *,
        dropout_rng: np.random.Generator | None = None,
        max_rows: int = MAX_ROWS,
    ) -> None:
        """Create a network with all parameters 0. Dropout applies if `dropout_rng` is given."""
        h = hyperparameters
        sizes = [n_features, *h.hidden_sizes, n_outputs]
        dtype = np.dtype(h.dtype)
        self.loss = OutputLoss.from_hyperparameters(h)
        self._averages = h.reduction == "mean"
        self.n_features = n_features
        self.n_outputs = n_outputs
        self.max_rows = max_rows
        self.parameters: FloatArray = np.zeros(count_parameters(sizes, use_bias=h.use_bias), dtype)
        self.gradient: FloatArray = np.zeros_like(self.parameters)
        self.layers: tuple[Dense, ...] = ()
        self._stack: tuple[Layer, ...] = ()
        end = 0
        for index, (n_inputs, n_units) in enumerate(pairwise(sizes)):
            start, end = end, end + (n_inputs + h.use_bias) * n_units
            is_last = index == len(h.hidden_sizes)
            layer = Dense(
                n_inputs,
                n_units,
                ACTIVATIONS["linear" if is_last else h.activation],
                parameters=self.parameters[start:end],
                gradient=self.gradient[start:end],
                max_rows=max_rows,
                is_first=index == 0,
            )
            self.layers += (layer,)
            self._stack += (layer,)
            if dropout_rng is not None and h.dropout_rate > 0 and not is_last:
                self._stack += (Dropout(h.dropout_rate, n_units, max_rows, dtype, dropout_rng),)
        self._penalty = WeightPenalty(
            h.l1, h.l2, [layer.weights for layer in self.layers], [layer.weights_gradient for layer in self.layers]
        )
        self._logits_gradient_buffer: FloatArray = np.empty((max_rows, n_outputs), dtype)
        self._resize((max_rows, n_features))

    @classmethod
    def from_hyperparameters(
        cls,
        hyperparameters: Hyperparameters,
        n_features: int,
        n_outputs: int,
        rng: np.random.Generator,
        *,
        dropout_rng: np.random.Generator | None = None,
        max_rows: int = MAX_ROWS,
    ) -> Self:
        """Return a network with initial weights and biases drawn from `rng`."""
        h = hyperparameters
        network = cls(h, n_features, n_outputs, dropout_rng=dropout_rng, max_rows=max_rows)
        for layer in network.layers:
            INITIALIZERS[h.initializer](layer.weights, h.initializer_scale, rng)
            BIAS_INITIALIZERS[h.bias_initializer](layer.biases, h.initializer_scale, rng)
        return network

    @classmethod
    def from_parameters(
        cls, hyperparameters: Hyperparameters, n_features: int, n_outputs: int, parameters: FloatArray
    ) -> Self:
        """Return a network with a copy of `parameters`, for prediction only.

        Raises ShapeError if `parameters` has the wrong length.
        """
        network = cls(hyperparameters, n_features, n_outputs)
        if parameters.shape != network.parameters.shape:
            raise ShapeError(f"the network has {network.parameter_count:,} parameters, not {parameters.size:,}")
        network.parameters[:] = parameters
        return network

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        return self.parameters.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """The NumPy type of the network's numbers."""
        return self.parameters.dtype

    def forward(self, inputs: FloatArray) -> FloatArray:
        """Return the logits (batch_size, n_outputs) for `inputs` (batch_size, n_features), with dropout.

        The next call overwrites the logits. Raises ShapeError for 0 or more than `max_rows` images and for any other
        shape.
        """
        if inputs.shape != self._shape:
            self._resize(inputs.shape)
        for layer in self._stack:
            inputs = layer.forward(inputs)
        self._logits = inputs
        return inputs

    def backward(self, targets: FloatArray, n_images: int | None = None, *, accumulate: bool = False) -> None:
        """Write the gradient of the cost (loss plus penalty) at the last `forward` into `gradient`.

        The loss is the mean or the sum over the batch, depending on the hyperparameters.

        `targets` is (batch_size, n_outputs). A batch may be processed in chunks. Then `n_images` is the size of the
        whole batch, and `accumulate` must be True for each chunk after the first. With `accumulate`, the method adds
        the gradient of the loss to `gradient`, which already includes the gradient of the penalty.
        """
        earlier = self.gradient.copy() if accumulate else None
        gradient = self._logits_gradient
        self.loss.gradient(self._logits, targets, gradient)
        if self._averages:
            np.multiply(gradient, 1.0 / (n_images or len(targets)), out=gradient)
        for layer in reversed(self._stack):
            gradient = layer.backward(gradient)
        if earlier is None:
            self._penalty.add_gradient()
        else:
            np.add(self.gradient, earlier, out=self.gradient)

    def cost(self, logits: FloatArray, targets: FloatArray) -> float:
        """Return the cost of a batch: loss plus penalty. Both arrays are (batch_size, n_outputs)."""
        losses = self.loss.values(logits, targets)
        total = losses.mean(dtype=np.float64) if self._averages else losses.sum(dtype=np.float64)
        return float(total) + self.penalty()

    def penalty(self) -> float:
        """Return the weight penalty of the current weights; 0 without L1 and L2."""
        return self._penalty.value()

    def logits(self, inputs: FloatArray) -> FloatArray:
        """Return the logits of at most `max_rows` images, like `forward` but without dropout."""
        if inputs.shape != self._shape:
            self._resize(inputs.shape)
        for layer in self.layers:
            inputs = layer.forward(inputs)
        return inputs

    @np.errstate(all="ignore")
    def predict_logits(self, inputs: FloatArray) -> FloatArray:
        """Return the logits (n_images, n_outputs) of any number of images (n_images, n_features).

        The logits can be infinite or NaN if the network has diverged.
        """
        inputs = np.asarray(inputs, self.dtype)
        logits = np.empty((len(inputs), self.n_outputs), self.dtype)
        for start in range(0, len(inputs), self.max_rows):
            rows = slice(start, start + self.max_rows)
            logits[rows] = self.logits(inputs[rows])
        return logits

    @np.errstate(all="ignore")
    def predict_outputs(self, inputs: FloatArray) -> FloatArray:
        """Return the outputs (n_images, n_outputs) of any number of images (n_images, n_features).

        With a squared loss, the outputs are those of the output activation. With a cross-entropy, they are the logits.
        """
        return self.loss.outputs(self.predict_logits(inputs))

    @np.errstate(all="ignore")
    def predict_proba(self, inputs: FloatArray) -> FloatArray:
        """Return the class probabilities (n_images, n_outputs) for any number of images (n_images, n_features).

        Where an output is not finite, the probability is NaN. With a single output, the only column is the probability
        of the second of two classes.

        The probabilities depend on the loss. For softmax cross-entropy, they are the softmax of the logits; for binary
        cross-entropy, the sigmoid of each logit. For a squared loss, they are the outputs clipped to 0…1.
        """
        return self.loss.probabilities(self.predict_logits(inputs))

    @np.errstate(all="ignore")
    def predict(self, inputs: FloatArray) -> NDArray[np.intp]:
        """Return the predicted class (n_images,) of each image."""
        return self.loss.classes(self.predict_logits(inputs))

    def _resize(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or shape[1] != self.n_features or not 0 < shape[0] <= self.max_rows:
            raise ShapeError(f"inputs must be (1 to {self.max_rows}, {self.n_features}), not {shape}")
        self._shape = shape
        self._logits_gradient = self._logits_gradient_buffer[: shape[0]]
        for layer in self._stack:
            layer.resize(shape[0])


def count_parameters(sizes: Sequence[int], *, use_bias: bool = True) -> int:
    """Return the number of weights and biases of a network.

    `sizes` are the numbers of inputs, hidden units and outputs.
    """
    return sum((n_inputs + use_bias) * n_units for n_inputs, n_units in pairwise(sizes))
