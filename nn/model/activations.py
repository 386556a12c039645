"""Activation functions, computed in place. The slope of a function is computed from its outputs."""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np

from nn.array_types import FloatArray

LEAK = 0.01
LOWEST_WITHOUT_OVERFLOW = -87.0  # e⁸⁷ is a float32 number; e⁸⁹ is not


class Activation(Protocol):
    """An elementwise function whose slope is a function of its output."""

    has_kink: ClassVar[bool]
    """True if the slope jumps where the pre-activation is 0."""

    is_piecewise_linear: ClassVar[bool]
    """True if the slope is constant except at kinks."""

    def forward(self, pre_activations: FloatArray, scratch: FloatArray, /) -> None:
        """Replace `pre_activations` (batch_size, n_units) with outputs. `scratch` has the same shape."""

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Multiply `gradient` in place by the slope, computed from `outputs`. All arrays are (batch_size, n_units)."""


class Linear:
    """The identity."""

    has_kink: ClassVar[bool] = False
    is_piecewise_linear: ClassVar[bool] = True

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Leave the pre-activations unchanged."""

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Leave the gradient unchanged: the slope is 1."""


def sigmoid(pre_activations: FloatArray, out: FloatArray) -> None:
    """Write 1 / (1 + e⁻ᶻ) into `out`, which may be `pre_activations`.

    Each result is exact to the last two bits. ½ + ½ tanh(z/2), which is equal in exact arithmetic, would round small
    results to multiples of the last bit of ½.
    """
    if np.minimum.reduce(pre_activations, axis=None, initial=0.0) >= LOWEST_WITHOUT_OVERFLOW:
        np.negative(pre_activations, out=out)
        np.exp(out, out=out)
        np.add(out, 1.0, out=out)
        np.divide(1.0, out, out=out)
    else:  # takes a third longer: max(e^−|z|, z ≥ 0) / (1 + e^−|z|)
        exponentials = np.abs(pre_activations)
        np.negative(exponentials, out=exponentials)
        np.exp(exponentials, out=exponentials)
        np.greater_equal(pre_activations, 0.0, out=out)
        np.maximum(out, exponentials, out=out)
        np.add(exponentials, 1.0, out=exponentials)
        np.divide(out, exponentials, out=out)


class Sigmoid:
    """1 / (1 + e⁻ᶻ)."""

    has_kink: ClassVar[bool] = False
    is_piecewise_linear: ClassVar[bool] = False

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Map the pre-activations to 0…1."""
        sigmoid(pre_activations, pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Multiply by the slope, a (1 − a)."""
        np.subtract(1.0, outputs, out=scratch)
        np.multiply(scratch, outputs, out=scratch)
        np.multiply(gradient, scratch, out=gradient)


class Tanh:
    """The hyperbolic tangent."""

    has_kink: ClassVar[bool] = False
    is_piecewise_linear: ClassVar[bool] = False

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Map the pre-activations to −1…1."""
        np.tanh(pre_activations, out=pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Multiply by the slope, 1 − a²."""
        np.multiply(outputs, outputs, out=scratch)
        np.subtract(1.0, scratch, out=scratch)
        np.multiply(gradient, scratch, out=gradient)


class ReLU:
    """max(z, 0). At the kink (z = 0), the slope is defined as 0."""

    has_kink: ClassVar[bool] = True
    is_piecewise_linear: ClassVar[bool] = True

    def forward(self, pre_activations: FloatArray, _scratch: FloatArray, /) -> None:
        """Replace negative values with 0."""
        # With a single 0 instead of a row of zeros, NumPy would take twice as long.
        np.maximum(pre_activations, np.zeros_like(pre_activations[0]), out=pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Multiply by the slope: 1 where the unit is active, 0 elsewhere."""
        np.greater(outputs, 0.0, out=scratch)
        np.multiply(gradient, scratch, out=gradient)


class LeakyReLU:
    """z if z is positive, 0.01 z otherwise. At the kink (z = 0), the slope is defined as 0.01.

    A. Maas, A. Hannun and A. Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    """

    has_kink: ClassVar[bool] = True
    is_piecewise_linear: ClassVar[bool] = True

    def forward(self, pre_activations: FloatArray, scratch: FloatArray, /) -> None:
        """Multiply negative values by 0.01."""
        np.multiply(pre_activations, LEAK, out=scratch)
        np.maximum(pre_activations, scratch, out=pre_activations)

    def backward(self, outputs: FloatArray, gradient: FloatArray, scratch: FloatArray) -> None:
        """Multiply by the slope: 1 where the output is positive, 0.01 elsewhere."""
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
