"""The right network of the bug lab: one short method for each formula, so that a bug overrides a single one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nn.array_types import Float64Array
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS, Activation
from nn.model.initializers import BIAS_INITIALIZERS, INITIALIZERS
from nn.model.losses import LOSSES
from nn.random_streams import RandomStreams


@dataclass(slots=True, eq=False)
class Gradient:
    """The gradient of the cost: for each layer, an array of the shape of its weights and one of its biases."""

    weights: list[Float64Array]
    biases: list[Float64Array]


class LabNetwork:
    """A multilayer perceptron in float64. All methods count the layers from 0, the layer next to the input.

    A row of each array belongs to one image: the pre-activations of a layer are inputs · weights + biases. The last
    layer is linear for a cross-entropy, and has the output activation otherwise. `forward` stores the inputs,
    pre-activations and outputs of each layer for `backward`.
    """

    def __init__(self, hyperparameters: Hyperparameters, n_features: int, n_outputs: int) -> None:
        """Create a network whose initial parameters are drawn from the seed of `hyperparameters`."""
        h = self.hyperparameters = hyperparameters
        self.streams = RandomStreams(h.seed)
        self.sizes = (n_features, *h.hidden_sizes, n_outputs)
        self.n_layers = len(self.sizes) - 1
        self.last = self.n_layers - 1
        self.loss = LOSSES[h.loss]
        self.weights: list[Float64Array] = [np.zeros(shape) for shape in pairwise(self.sizes)]
        self.biases: list[Float64Array] = [np.zeros(n_units * h.use_bias) for n_units in self.sizes[1:]]
        for layer in range(self.n_layers):
            self.initialize(layer, self.streams.initialization)

    # The start

    def initialize(self, layer: int, rng: np.random.Generator) -> None:
        """Draw the initial weights and biases of a layer."""
        h = self.hyperparameters
        INITIALIZERS[h.initializer](self.weights[layer], h.initializer_scale, rng)
        BIAS_INITIALIZERS[h.bias_initializer](self.biases[layer], h.initializer_scale, rng)

    def activation(self, layer: int) -> Activation:
        """Return the activation function of a layer."""
        h = self.hyperparameters
        if layer < self.last:
            return ACTIVATIONS[h.activation]
        return ACTIVATIONS["linear" if self.loss.expects_logits else h.output_activation]

    # Forward

    def forward(self, inputs: Float64Array, *, training: bool = False) -> Float64Array:
        """Return the outputs of the last layer (batch_size, n_outputs). Dropout applies if `training`."""
        self.inputs: list[Float64Array] = []
        self.pre_activations: list[Float64Array] = []
        self.outputs: list[Float64Array] = []
        self.masks: list[Float64Array] = []
        for layer in range(self.n_layers):
            self.inputs.append(inputs)
            self.pre_activations.append(self.pre_activation(layer, inputs))
            self.outputs.append(self.activate(layer, self.pre_activations[layer]))
            inputs = self.outputs[layer]
            if layer < self.last:
                self.masks.append(self.draw_mask(inputs.shape) if training else np.ones((1, 1)))
                inputs = np.asarray(inputs * self.masks[layer])
        return inputs

    def pre_activation(self, layer: int, inputs: Float64Array) -> Float64Array:
        """Return inputs · weights + biases."""
        sums = inputs @ self.weights[layer]
        return sums + self.biases[layer] if self.biases[layer].size else sums

    def activate(self, layer: int, pre_activations: Float64Array) -> Float64Array:
        """Return the activation function of the pre-activations."""
        outputs = np.array(pre_activations, np.float64)
        self.activation(layer).forward(outputs, np.empty_like(outputs))
        return outputs

    def draw_mask(self, shape: tuple[int, ...]) -> Float64Array:
        """Return a mask of inverted dropout: 0 for dropped units, `unit_scale()` for the others."""
        rate = self.hyperparameters.dropout_rate
        if rate == 0:
            return np.ones((1, 1))
        return np.asarray((self.streams.dropout.random(shape) >= rate) * self.unit_scale())

    def unit_scale(self) -> float:
        """Return the factor of the units that dropout does not drop."""
        return 1.0 / (1.0 - self.hyperparameters.dropout_rate)

    # The cost

    def cost(self, outputs: Float64Array, targets: Float64Array) -> float:
        """Return the cost of a batch: the mean or sum of the losses, plus the penalty."""
        losses = self.losses(outputs, targets)
        return float(losses.mean() if self.averages else losses.sum()) + self.penalty()

    @property
    def averages(self) -> bool:
        """True if the cost is the mean of the losses of a batch, not their sum."""
        return self.hyperparameters.reduction == "mean"

    def losses(self, outputs: Float64Array, targets: Float64Array) -> Float64Array:
        """Return the loss (batch_size,) of each image."""
        return np.asarray(self.loss.values(outputs, targets))

    def probabilities(self, outputs: Float64Array) -> Float64Array:
        """Return the probability (batch_size, n_outputs) of each class."""
        return np.asarray(self.loss.probabilities(outputs))

    def penalty(self) -> float:
        """Return l1 · Σ|w| + l2 · ½Σw² over all weights."""
        h = self.hyperparameters
        return float(sum(h.l1 * np.abs(w).sum() + 0.5 * h.l2 * np.square(w).sum() for w in self.weights))

    # Backward

    def backward(self, targets: Float64Array) -> Gradient:
        """Return the gradient of the cost at the last `forward`.

        `output_errors[l]` is the derivative of the cost with respect to the outputs of layer l, and `errors[l]`
        (usually written δ) with respect to its pre-activations.
        """
        self.output_errors: list[Float64Array] = [np.empty(0)] * self.n_layers
        self.errors: list[Float64Array] = [np.empty(0)] * self.n_layers
        gradient = self.gradient = Gradient([np.empty(0)] * self.n_layers, [np.empty(0)] * self.n_layers)
        for layer in reversed(range(self.n_layers)):
            self.output_errors[layer] = (
                self.output_error(targets) if layer == self.last else self.through_mask(layer, self.pass_back(layer))
            )
            self.errors[layer] = self.output_errors[layer] * self.slope(layer)
            gradient.weights[layer] = self.weights_gradient(layer) + self.penalty_gradient(layer)
            gradient.biases[layer] = self.biases_gradient(layer) if self.biases[layer].size else np.empty(0)
        return gradient

    def output_error(self, targets: Float64Array) -> Float64Array:
        """Return the derivative of the cost with respect to the outputs of the last layer."""
        errors = self.loss_gradient(self.outputs[self.last], targets)
        return np.asarray(errors / len(targets)) if self.averages else errors

    def loss_gradient(self, outputs: Float64Array, targets: Float64Array) -> Float64Array:
        """Return the derivative of each image's loss with respect to its outputs (batch_size, n_outputs)."""
        gradient = np.empty_like(outputs)
        self.loss.gradient(outputs, targets, gradient)
        return gradient

    def slope(self, layer: int) -> Float64Array:
        """Return σ′(z) for the pre-activations z of a layer."""
        outputs = self.outputs[layer]
        slope = np.ones_like(outputs)
        self.activation(layer).backward(outputs, slope, np.empty_like(outputs))
        return slope

    def pass_back(self, layer: int) -> Float64Array:
        """Return δ · Wᵀ of the next layer: the derivative with respect to the inputs of that layer."""
        return np.asarray(self.errors[layer + 1] @ self.weights[layer + 1].T)

    def through_mask(self, layer: int, errors: Float64Array) -> Float64Array:
        """Return the errors multiplied by the dropout mask of a layer."""
        return np.asarray(errors * self.masks[layer])

    def weights_gradient(self, layer: int) -> Float64Array:
        """Return inputsᵀ · δ, without the gradient of the penalty."""
        return np.asarray(self.inputs[layer].T @ self.errors[layer])

    def biases_gradient(self, layer: int) -> Float64Array:
        """Return the sum of δ over the batch."""
        return np.asarray(self.errors[layer].sum(axis=0))

    def penalty_gradient(self, layer: int) -> Float64Array:
        """Return the gradient of the penalty with respect to the weights of a layer."""
        h, weights = self.hyperparameters, self.weights[layer]
        return np.asarray(h.l1 * np.sign(weights) + h.l2 * weights)

    # The update

    def step(self, gradient: Gradient, learning_rate: float) -> None:
        """Move all parameters against the gradient."""
        for layer in range(self.n_layers):
            self.step_weights(layer, gradient.weights[layer], learning_rate)
            self.step_biases(layer, gradient.biases[layer], learning_rate)

    def step_weights(self, layer: int, gradient: Float64Array, learning_rate: float) -> None:
        """Subtract learning_rate · gradient from the weights of a layer."""
        self.weights[layer][...] = self.weights[layer] - learning_rate * gradient

    def step_biases(self, layer: int, gradient: Float64Array, learning_rate: float) -> None:
        """Subtract learning_rate · gradient from the biases of a layer."""
        self.biases[layer][...] = self.biases[layer] - learning_rate * gradient
