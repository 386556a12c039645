"""Forward and backward passes in float64. A forward pass stores the activations of all layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.model.activations import Activation
from nn.model.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Float64Layer:
    """A dense layer in float64.

    `weights` is (n_inputs, n_units) and `biases` is (n_units,). In a layer without biases, `biases` are 0.
    """

    weights: Float64Array
    biases: Float64Array
    activation: Activation


class Float64Network:
    """A copy of a trained network in float64 whose outputs are the logits.

    Explanations concern the logits, because the class with the largest logit is the predicted class. With softmax, an
    output increases with the differences between its logit and the other logits; without softmax, it increases with its
    logit.
    """

    def __init__(self, layers: Sequence[Float64Layer]) -> None:
        self.layers = tuple(layers)

    @classmethod
    def from_network(cls, network: Network) -> Self:
        """Copy the parameters of a network."""
        return cls(
            [
                Float64Layer(
                    layer.weights.astype(np.float64),
                    layer.biases.astype(np.float64) if layer.biases.size else np.zeros(layer.weights.shape[1]),
                    layer.activation,
                )
                for layer in network.layers
            ]
        )

    @property
    def n_hidden_layers(self) -> int:
        """The number of layers between the inputs and the outputs."""
        return len(self.layers) - 1

    @property
    def is_piecewise_linear(self) -> bool:
        """True if the logits are linear in the inputs as long as no hidden unit crosses its kink."""
        return all(layer.activation.is_piecewise_linear for layer in self.layers[:-1])

    @property
    def is_linear(self) -> bool:
        """True if the logits are linear in the inputs."""
        return self.is_piecewise_linear and not any(layer.activation.has_kink for layer in self.layers[:-1])

    def logit_difference(self, predicted: int, rival: int) -> Float64Array:
        """Return the direction (n_outputs,) for which Σ direction · logits is the logit gap z_predicted − z_rival."""
        direction = np.zeros(self.layers[-1].weights.shape[1])
        direction[predicted] += 1.0
        direction[rival] -= 1.0
        return direction

    def logits(self, inputs: Float64Array) -> Float64Array:
        """Return the logits (n_images, n_outputs) for scaled `inputs` (n_images, n_features)."""
        return ForwardPass(self, inputs).logits


class ForwardPass:
    """The activations of every layer for scaled images (n_images, n_features).

    `activations[k]` (n_images, n_inputs) is the input of layer k: the images if k is 0, otherwise the outputs of the
    layer before. `logits` is (n_images, n_outputs). Activations and logits can be infinite or NaN if the network has
    diverged.
    """

    @np.errstate(all="ignore")
    def __init__(self, network: Float64Network, inputs: Float64Array) -> None:
        self.network = network
        self.activations = [np.asarray(inputs, np.float64)]
        for layer in network.layers[:-1]:
            outputs = self.activations[-1] @ layer.weights + layer.biases
            layer.activation.forward(outputs, np.empty_like(outputs))
            self.activations.append(outputs)
        last = network.layers[-1]
        self.logits: Float64Array = self.activations[-1] @ last.weights + last.biases

    @np.errstate(all="ignore")
    def deltas(self, direction: Float64Array) -> list[Float64Array]:
        """Return the derivatives of Σ direction · logits with respect to the pre-activations of each layer.

        The list contains one array (n_images, n_units) for each layer; the last array equals `direction`.

        `direction` is (n_images, n_outputs), or (n_outputs,) for all images. For a single image, it may be
        (n_directions, n_outputs), as if the image were repeated.
        """
        shape = np.broadcast_shapes(np.shape(direction), self.logits.shape)
        found = [np.broadcast_to(direction, shape).astype(np.float64)]
        for index in range(self.network.n_hidden_layers, 0, -1):
            gradient = found[0] @ self.network.layers[index].weights.T
            self.multiply_by_slopes(index, gradient)
            found.insert(0, gradient)
        return found

    @np.errstate(all="ignore")
    def input_gradient(self, direction: Float64Array) -> Float64Array:
        """Return the gradient (n_images, n_features) of Σ direction · logits with respect to the inputs."""
        return self.deltas(direction)[0] @ self.network.layers[0].weights.T

    @np.errstate(all="ignore")
    def unit_gradients(self, units: NDArray[np.intp]) -> Float64Array:
        """Return the gradients (n, n_features) of the outputs of `units` (n,) with respect to the inputs.

        `units` are indices in the last hidden layer. The network must have a hidden layer, and the pass must contain a
        single image.
        """
        gradient = np.equal.outer(units, np.arange(self.activations[-1].shape[1])).astype(np.float64)
        for index in range(self.network.n_hidden_layers, 0, -1):
            self.multiply_by_slopes(index, gradient)
            gradient = gradient @ self.network.layers[index - 1].weights.T
        return gradient

    def multiply_by_slopes(self, index: int, values: Float64Array) -> None:
        """Multiply `values` (n_images, n_units) in place by the slopes of the units of hidden layer `index`.

        The first hidden layer has index 1; its outputs are `activations[1]`. For a single image, `values` may have any
        number of rows.
        """
        outputs = np.broadcast_to(self.activations[index], values.shape)
        self.network.layers[index - 1].activation.backward(outputs, values, np.empty_like(values))
