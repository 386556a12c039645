"""Some images on their way through a network, with everything that an explanation needs to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nn.activations import Activation
from nn.network import Network

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DoubleLayer:
    """One dense layer in double precision: `weights` (n_inputs, n_units), `biases` (n_units,), 0 where it has none."""

    weights: Doubles
    biases: Doubles
    activation: Activation


class DoubleNetwork:
    """A trained network in double precision, whose last layer stops at its weighted sums.

    The sums of the classes, z, are what the explanations are about: each output follows from its sum alone or, with
    softmax, from the differences between them, so that the largest sum is the class that is predicted.
    """

    def __init__(self, layers: Sequence[DoubleLayer]) -> None:
        self.layers = tuple(layers)

    @classmethod
    def of(cls, network: Network) -> Self:
        """A copy of a network's parameters."""
        return cls(
            [
                DoubleLayer(
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

    def sums(self, inputs: Doubles) -> Doubles:
        """The sums of the classes, (n_images, n_outputs), for scaled `inputs` (n_images, n_features)."""
        return Passage(self, inputs).sums


class Passage:
    """Images (n_images, n_features), scaled as the network takes them, and what became of them in each layer.

    `activations[k]` is what layer k receives, (n_images, n_inputs): the images themselves for k = 0, the outputs of the
    last hidden layer at the end. `sums` is (n_images, n_outputs).
    """

    def __init__(self, network: DoubleNetwork, inputs: Doubles) -> None:
        self.network = network
        self.activations = [np.asarray(inputs, np.float64)]
        for layer in network.layers[:-1]:
            outputs = self.activations[-1] @ layer.weights + layer.biases
            layer.activation.forward(outputs, np.empty_like(outputs))
            self.activations.append(outputs)
        last = network.layers[-1]
        self.sums: Doubles = self.activations[-1] @ last.weights + last.biases

    def deltas(self, direction: Doubles) -> list[Doubles]:
        """How Σ direction · sums of each image depends on the weighted sums of each layer: (n_images, n_units) each.

        `direction` is (n_images, n_outputs), or (n_outputs,) for all images alike; it is the last member of the list.
        """
        found = [np.broadcast_to(direction, self.sums.shape).astype(np.float64)]
        for place in range(len(self.network.layers) - 1, 0, -1):
            gradient = found[0] @ self.network.layers[place].weights.T
            outputs = self.activations[place]
            self.network.layers[place - 1].activation.backward(outputs, gradient, np.empty_like(gradient))
            found.insert(0, gradient)
        return found

    def input_gradient(self, direction: Doubles) -> Doubles:
        """How Σ direction · sums of each image depends on its inputs, (n_images, n_features)."""
        return self.deltas(direction)[0] @ self.network.layers[0].weights.T
