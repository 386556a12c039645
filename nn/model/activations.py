"""What a unit does with its weighted sum. Each activation works in place and is differentiated from its own outputs."""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np

from nn.array_types import FloatArray

LEAK = 0.01


class Activation(Protocol):
    """A function of each number alone, whose slope can be told from its output."""

    has_kink: ClassVar[bool]
    """Whether the slope jumps where the sum is 0."""

    is_piecewise_linear: ClassVar[bool]
    """Whether the slope is the same everywhere, kinks apart."""

    def forward(self, pre_activations: FloatArray, scratch: FloatArray, /) -> None:
        """Turn `pre_activations` into outputs, in place; both arrays are (batch_size, n_units)."""

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Multiply `gradient` in place by the slope at `outputs`; all three are (batch_size, n_units)."""


class Linear:
    """The sum itself."""

    has_kink: ClassVar[bool] = False
    is_piecewise_linear: ClassVar[bool] = True

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Leave the sums as they are."""

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Leave the gradient as it is: the slope is 1."""


def sigmoid(pre_activations: FloatArray, out: FloatArray) -> None:
    """Write 1 / (1 + e⁻ᶻ) into `out`, as ½ + ½ tanh(z/2), which is the same number and cannot overflow."""
    np.multiply(pre_activations, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    np.add(out, 0.5, out=out)


class Sigmoid:
    """1 / (1 + e⁻ᶻ)."""

    has_kink: ClassVar[bool] = False
    is_piecewise_linear: ClassVar[bool] = False

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Squash the sums into 0…1."""
        sigmoid(pre_activations, pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """The slope is a (1 − a)."""
        np.subtract(1.0, outputs, out=scratch)
        np.multiply(scratch, outputs, out=scratch)
        np.multiply(gradient, scratch, out=gradient)


class Tanh:
    """The hyperbolic tangent."""

    has_kink: ClassVar[bool] = False
    is_piecewise_linear: ClassVar[bool] = False

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Squash the sums into −1…1."""
        np.tanh(pre_activations, out=pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """The slope is 1 − a²."""
        np.multiply(outputs, outputs, out=scratch)
        np.subtract(1.0, scratch, out=scratch)
        np.multiply(gradient, scratch, out=gradient)


class ReLU:
    """max(z, 0). At the kink, z = 0, the slope is taken to be 0."""

    has_kink: ClassVar[bool] = True
    is_piecewise_linear: ClassVar[bool] = True

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Cut off what is below 0."""
        # Compared with a row of zeros, since NumPy takes twice as long to compare with a single number.
        np.maximum(pre_activations, np.zeros_like(pre_activations[0]), out=pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """The slope is 1 where the unit is on and 0 where it is off."""
        np.greater(outputs, 0.0, out=scratch)
        np.multiply(gradient, scratch, out=gradient)


class LeakyReLU:
    """z where it is positive, 0.01 z elsewhere. At the kink, z = 0, the slope is taken to be 0.01.

    A. Maas, A. Hannun and A. Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    """

    has_kink: ClassVar[bool] = True
    is_piecewise_linear: ClassVar[bool] = True

    def forward(self, pre_activations: FloatArray, scratch: FloatArray, /) -> None:
        """Shrink what is below 0."""
        np.multiply(pre_activations, LEAK, out=scratch)
        np.maximum(pre_activations, scratch, out=pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """The slope is 1 or 0.01: the sign of the output, −1 and 0 raised to 0.01."""
        np.sign(outputs, out=scratch)
        np.maximum(scratch, LEAK, out=scratch)
        np.multiply(gradient, scratch, out=gradient)


ACTIVATIONS: dict[str, Activation] = {
    "relu": ReLU(),
    "leaky_relu": LeakyReLU(),
    "tanh": Tanh(),
    "sigmoid": Sigmoid(),
    "linear": Linear(),
}
