"""Small networks to explain, and plain loops over units and inputs that compute the same values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from nn.array_types import Float64Array
from nn.datasets.scaling import Scaling
from nn.explanations.forward_pass import Float64Layer, Float64Network, ForwardPass
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.network import Network
from tests.support.datasets.small_dataset import small_dataset

PIECEWISE_LINEAR = ("relu", "leaky_relu", "linear")
SMOOTH = ("tanh", "sigmoid")

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z)),
    "linear": lambda z: z,
}


def layer_of(weights: Sequence[Sequence[float]], biases: Sequence[float], activation: str = "linear") -> Float64Layer:
    return Float64Layer(np.array(weights, float), np.array(biases, float), ACTIVATIONS[activation])


def random_network(
    hidden_sizes: Sequence[int] = (5,),
    activation: str = "relu",
    *,
    use_bias: bool = True,
    n_features: int = 6,
    n_outputs: int = 3,
    seed: int = 0,
    **values: Any,
) -> Float64Network:
    """Return a network with random weights and biases."""
    h = Hyperparameters(
        hidden_sizes=tuple(hidden_sizes),
        activation=activation,
        use_bias=use_bias,
        initializer="glorot",
        bias_initializer="normal",
        initializer_scale=0.5,
        dtype="float64",
        **values,
    )
    return Float64Network.from_network(
        Network.from_hyperparameters(h, n_features, n_outputs, np.random.default_rng(seed))
    )


def with_parameters(
    network: Float64Network, index: int, *, weights: Float64Array | None = None, biases: Float64Array | None = None
) -> Float64Network:
    """Return a copy of the network with the weights or biases of one layer replaced."""
    layers = list(network.layers)
    if weights is not None:
        layers[index] = replace(layers[index], weights=weights)
    if biases is not None:
        layers[index] = replace(layers[index], biases=biases)
    return Float64Network(layers)


def plain_layers(network: Float64Network, activation: str, inputs: Float64Array) -> list[list[float]]:
    """Return the outputs of each hidden layer and the logits, computed by loops over units and inputs."""
    outputs: list[list[float]] = []
    received = [float(value) for value in inputs]
    for index, layer in enumerate(network.layers):
        logits = [
            math.fsum(value * layer.weights[row, unit] for row, value in enumerate(received))
            + float(layer.biases[unit])
            for unit in range(layer.weights.shape[1])
        ]
        is_last = index == network.n_hidden_layers
        received = logits if is_last else [FUNCTIONS[activation](value) for value in logits]
        outputs.append(received)
    return outputs


def plain_gap(network: Float64Network, activation: str, inputs: Float64Array, predicted: int, rival: int) -> float:
    """Return the logit gap z_predicted − z_rival, computed by loops."""
    logits = plain_layers(network, activation, inputs)[-1]
    return logits[predicted] - logits[rival]


def size_of_terms(network: Float64Network, inputs: Float64Array) -> float:
    """Return an upper bound for the sum of the absolute terms of any logit gap.

    Tests allow rounding errors in proportion to this bound. It uses |a| ≤ |z| + ½, which holds for all activation
    functions; only the sigmoid needs the ½.
    """
    sizes = np.abs(inputs)
    for layer in network.layers[:-1]:
        sizes = sizes @ np.abs(layer.weights) + np.abs(layer.biases) + 0.5
    last = network.layers[-1]
    return float((sizes @ np.abs(last.weights) + np.abs(last.biases)).sum())


@dataclass(frozen=True)
class Case:
    """Scaled image, and the network whose prediction is to be explained."""

    network: Float64Network
    activation: str
    inputs: Float64Array
    black: Float64Array
    predicted: int
    rival: int


DATASET = small_dataset()
N_PIXELS = DATASET.n_features
SCALINGS = {name: Scaling.of_inputs(name, DATASET, np.float64) for name in ("none", "unit", "standardize")}


@st.composite
def cases(draw: st.DrawFn, activations: Sequence[str] = tuple(ACTIVATIONS)) -> Case:
    """Return a strategy for networks of 0 to 3 hidden layers, with or without biases, and images with any scaling."""
    activation = draw(st.sampled_from(activations))
    network = random_network(
        draw(st.lists(st.integers(1, 20), max_size=3)),
        activation,
        use_bias=draw(st.booleans()),
        n_features=N_PIXELS,
        seed=draw(st.integers(0, 2**32 - 1)),
    )
    scaling = SCALINGS[draw(st.sampled_from(sorted(SCALINGS)))]
    image = DATASET.test.inputs[draw(st.integers(0, len(DATASET.test) - 1))]
    scaled = np.empty((2, N_PIXELS))
    scaling.apply(np.stack([image, np.zeros_like(image)]), scaled)
    predicted, rival = draw(st.permutations(range(3)))[:2]
    return Case(network, activation, scaled[0], scaled[1], predicted, rival)


def forward(network: Float64Network, inputs: Float64Array) -> ForwardPass:
    """Run the forward pass of one image (n_features,)."""
    return ForwardPass(network, inputs[np.newaxis])
