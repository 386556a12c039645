"""What a unit does with its sum.

Each activation's derivative is written in terms of its output, so that the sums need not be kept.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

LEAKY_SLOPE = 0.01


class Activation(Protocol):
    """An elementwise function and its derivative, both computed in place."""

    def forward(self, values: Floats) -> None:
        """Turn sums into outputs: `values` (batch_size, n_units) is overwritten."""

    def backward(self, gradient: Floats, outputs: Floats) -> None:
        """Multiply `gradient` (batch_size, n_units) by the derivative, at the sums that gave `outputs`."""


class Linear:
    """f(z) = z."""

    def forward(self, values: Floats) -> None:
        """Leave the sums as they are."""

    def backward(self, gradient: Floats, outputs: Floats) -> None:
        """Leave the gradient as it is."""


class Sigmoid:
    """f(z) = 1 / (1 + exp(−z)), f′ = f · (1 − f)."""

    def forward(self, values: Floats) -> None:
        """Compute ½ + ½ · tanh(z / 2), which is the same function and overflows nowhere."""
        values *= 0.5
        np.tanh(values, out=values)
        values *= 0.5
        values += 0.5

    def backward(self, gradient: Floats, outputs: Floats) -> None:
        """Multiply by f · (1 − f)."""
        gradient *= outputs
        gradient *= 1 - outputs


class Tanh:
    """f(z) = tanh(z), f′ = 1 − f²."""

    def forward(self, values: Floats) -> None:
        """Compute the hyperbolic tangent."""
        np.tanh(values, out=values)

    def backward(self, gradient: Floats, outputs: Floats) -> None:
        """Multiply by 1 − f²."""
        gradient *= 1 - outputs * outputs


class Relu:
    """f(z) = max(0, z); the derivative at 0 is taken as 0."""

    def forward(self, values: Floats) -> None:
        """Keep what is positive."""
        np.maximum(values, 0, out=values)

    def backward(self, gradient: Floats, outputs: Floats) -> None:
        """Keep the gradient where the output is positive."""
        gradient *= outputs > 0


class LeakyRelu:
    """f(z) = z where z is positive, else 0.01 · z; the derivative at 0 is taken as 0.01.

    Source: A. Maas, A. Hannun and A. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013.
    """

    def forward(self, values: Floats) -> None:
        """Shrink what is negative."""
        np.maximum(values, LEAKY_SLOPE * values, out=values)

    def backward(self, gradient: Floats, outputs: Floats) -> None:
        """Shrink the gradient where the output is not positive."""
        gradient *= np.where(outputs > 0, outputs.dtype.type(1), outputs.dtype.type(LEAKY_SLOPE))


ACTIVATIONS: dict[str, Activation] = {
    "linear": Linear(),
    "sigmoid": Sigmoid(),
    "tanh": Tanh(),
    "relu": Relu(),
    "leaky_relu": LeakyRelu(),
}
