"""Some images on their way through a network, with everything that an explanation needs to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.model.activations import Activation
from nn.model.network import Network

__all__ = ["Float64Layer", "Float64Network", "ForwardPass"]


@dataclass(frozen=True, slots=True, eq=False)
class Float64Layer:
    """One dense layer in double precision: `weights` (n_inputs, n_units), `biases` (n_units,), 0 where it has none."""

    weights: Float64Array
    biases: Float64Array
    activation: Activation


class Float64Network:
    """A trained network in double precision, whose last layer stops at its weighted sums.

    The sums of the classes, z, are what the explanations are about: each output follows from its sum alone or, with
    softmax, from the differences between them, so that the largest sum is the class that is predicted.
    """

    def __init__(self, layers: Sequence[Float64Layer]) -> None:
        self.layers = tuple(layers)

    @classmethod
    def of(cls, network: Network) -> Self:
        """A copy of a network's parameters."""
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
        """Layers between the inputs and the outputs."""
        return len(self.layers) - 1

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether the sums of the classes are linear in the inputs as long as no hidden unit crosses its kink."""
        return all(layer.activation.is_piecewise_linear for layer in self.layers[:-1])

    def logit_difference(self, predicted: int, rival: int) -> Float64Array:
        """The direction (n_outputs,) for which Σ direction · sums is z_predicted − z_rival, the gap of two classes."""
        direction = np.zeros(self.layers[-1].weights.shape[1])
        direction[predicted] += 1.0
        direction[rival] -= 1.0
        return direction

    def sums(self, inputs: Float64Array) -> Float64Array:
        """The sums of the classes, (n_images, n_outputs), for scaled `inputs` (n_images, n_features)."""
        return ForwardPass(self, inputs).sums


class ForwardPass:
    """Images (n_images, n_features), scaled as the network takes them, and what became of them in each layer.

    `activations[k]` is what layer k receives, (n_images, n_inputs): the images themselves for k = 0, the outputs of the
    last hidden layer at the end. `sums` is (n_images, n_outputs). They are not finite where the network has diverged.
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
        self.sums: Float64Array = self.activations[-1] @ last.weights + last.biases

    @np.errstate(all="ignore")
    def deltas(self, direction: Float64Array) -> list[Float64Array]:
        """How Σ direction · sums of each image depends on the weighted sums of each layer: (n_images, n_units) each.

        `direction` is (n_images, n_outputs), or (n_outputs,) for all images alike; it is the last member of the list.
        One image may be asked for many directions, (n_directions, n_outputs), as if there were many of it.
        """
        shape = np.broadcast_shapes(np.shape(direction), self.sums.shape)
        found = [np.broadcast_to(direction, shape).astype(np.float64)]
        for place in range(self.network.n_hidden_layers, 0, -1):
            gradient = found[0] @ self.network.layers[place].weights.T
            self.multiply_by_slopes(place, gradient)
            found.insert(0, gradient)
        return found

    @np.errstate(all="ignore")
    def input_gradient(self, direction: Float64Array) -> Float64Array:
        """How Σ direction · sums of each image depends on its inputs, (n_images, n_features)."""
        return self.deltas(direction)[0] @ self.network.layers[0].weights.T

    @np.errstate(all="ignore")
    def unit_gradients(self, units: NDArray[np.intp]) -> Float64Array:
        """How the outputs of some `units` (n,) of the last hidden layer depend on the inputs: (n, n_features).

        Of one image. The network must have a hidden layer.
        """
        gradient = np.equal.outer(units, np.arange(self.activations[-1].shape[1])).astype(np.float64)
        for place in range(self.network.n_hidden_layers, 0, -1):
            self.multiply_by_slopes(place, gradient)
            gradient = gradient @ self.network.layers[place - 1].weights.T
        return gradient

    def multiply_by_slopes(self, place: int, values: Float64Array) -> None:
        """Multiply `values` (n_images, n_units) in place by the slopes of the units that gave `activations[place]`.

        The first hidden layer has place 1. With one image, `values` may have any number of rows.
        """
        outputs = np.broadcast_to(self.activations[place], values.shape)
        self.network.layers[place - 1].activation.backward(outputs, values, np.empty_like(values))
