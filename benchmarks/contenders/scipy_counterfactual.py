"""Counterfactuals with SciPy's optimizers, independent of Misfit's search and of its forward pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Array = NDArray[np.float64]
Function = Callable[[Array], NDArray[Any]]

PENALTIES = (1e1, 1e2, 1e3, 1e4, 1e5, 1e6)
NOISE = (0.3, 1.0, 2.0, 4.0)  # standard deviations of random starting points, in units of network inputs
OVERSHOOTS = (0.0, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)
ACTIVATIONS: dict[str, tuple[Function, Function]] = {  # each function, and its slope at its pre-activation
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: 1.0 * (z > 0)),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "tanh": (np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
    "sigmoid": (expit, lambda z: expit(z) * expit(-z)),
    "linear": (lambda z: z, np.ones_like),
}


@dataclass(frozen=True, slots=True, eq=False)
class ScipyNetwork:
    """Network of dense `layers`, pairs of weights and biases, for pixels in 0…1.

    The inputs of the first layer are (pixels − `offset`) × `scale`, both (n_features,).
    """

    layers: tuple[tuple[Array, Array], ...]
    activation: str
    offset: Array
    scale: Array

    def logits(self, pixels: Array) -> Array:
        """Return the logits (…, n_classes) of images (…, n_features)."""
        outputs = (pixels - self.offset) * self.scale
        for weights, biases in self.layers[:-1]:
            outputs = ACTIVATIONS[self.activation][0](outputs @ weights + biases)
        return np.asarray(outputs @ self.layers[-1][0] + self.layers[-1][1])

    def jacobian(self, pixels: Array) -> Array:
        """Return the derivatives (n_classes, n_features) of the logits of one image."""
        function, slope = ACTIVATIONS[self.activation]
        outputs = (pixels - self.offset) * self.scale
        derivatives = np.diag(self.scale)
        for weights, biases in self.layers[:-1]:
            pre_activations = outputs @ weights + biases
            derivatives = (derivatives @ weights) * slope(pre_activations)
            outputs = function(pre_activations)
        return np.asarray((derivatives @ self.layers[-1][0]).T)


class ScipyCounterfactual:
    """Search for the smallest change of the pixels of one image that gives it a label."""

    def __init__(self, network: ScipyNetwork, image: Array, label: int) -> None:
        """Create a search for a change of `image` (n_features,), with pixels in 0…1."""
        self._network, self._image, self._label = network, image, label
        self._others = np.arange(len(network.layers[-1][1])) != label
        self._scale = max(float(self._gaps(image).max()), 1e-9)
        slopes = np.abs(network.scale)
        equal_inputs = np.minimum(np.median(slopes) / np.where(slopes > 0, slopes, np.median(slopes)), 1e3)
        self._units = [np.ones_like(image)] if np.ptp(slopes) == 0 else [np.ones_like(image), equal_inputs]

    def size(
        self, others: Array, rng: np.random.Generator, *, n_others: int = 3, noise: Sequence[float] = NOISE
    ) -> float:
        """Return the size of the smallest change found, or infinity.

        The search starts at the image, at random points with the standard deviations `noise`, and halfway to the
        nearest of `others` (n, n_features) that have the label. From each start, L-BFGS-B minimizes the change plus an
        increasing penalty, once in units of pixels and once in units of inputs, and SLSQP minimizes the change from the
        resulting point.
        """
        network, image = self._network, self._image
        matching = others[network.logits(others).argmax(axis=-1) == self._label]
        nearest = matching[np.argsort(np.linalg.norm(matching - image, axis=1))[:n_others]]
        deviations = 1.0 / np.where(network.scale > 0, network.scale, np.inf)
        random = [image + level * deviations * rng.standard_normal(len(image)) for level in noise]
        starts = [image, *(0.5 * (image + nearest)), *(np.clip(start, 0.0, 1.0) for start in random)]
        return min(self._local_size(start, units) for start in starts for units in self._units)

    def _local_size(self, start: Array, units: Array) -> float:
        penalized = self._minimize_penalty(start, units)
        return min(self._feasible_size(penalized), self._feasible_size(self._minimize_size(penalized, units)))

    def _gaps(self, pixels: Array) -> Array:
        logits = self._network.logits(pixels)
        return np.asarray((logits - logits[self._label])[self._others])

    def _gap_gradients(self, pixels: Array) -> Array:
        derivatives = self._network.jacobian(pixels)
        return np.asarray((derivatives - derivatives[self._label])[self._others])

    def _minimize_penalty(self, start: Array, units: Array) -> Array:
        variables, image = start / units, self._image
        for penalty in PENALTIES:

            def cost(variables: Array, penalty: float = penalty) -> tuple[float, Array]:
                pixels = variables * units
                violations = np.maximum(self._gaps(pixels) / self._scale + 1e-6, 0.0)
                gradient = pixels - image + penalty * violations @ self._gap_gradients(pixels) / self._scale
                value = 0.5 * np.square(pixels - image).sum() + 0.5 * penalty * np.square(violations).sum()
                return float(value), gradient * units

            bounds = [(0.0, 1.0 / unit) for unit in units]
            options = {"maxiter": 200, "maxcor": 20}
            variables = minimize(cost, variables, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
        return np.clip(variables * units, 0.0, 1.0)

    def _minimize_size(self, start: Array, units: Array) -> Array:
        image, size = self._image, max(float(np.linalg.norm(start - self._image)), 1e-6)
        result = minimize(
            lambda variables: 0.5 * np.square((variables * units - image) / size).sum(),
            start / units,
            jac=lambda variables: (variables * units - image) * units / size**2,
            method="SLSQP",
            bounds=[(0.0, 1.0 / unit) for unit in units],
            constraints=[
                {
                    "type": "ineq",
                    "fun": lambda variables: -self._gaps(variables * units) / self._scale - 1e-9,
                    "jac": lambda variables: -self._gap_gradients(variables * units) * units / self._scale,
                }
            ],
            options={"maxiter": 200, "ftol": 1e-10},
        )
        return np.asarray(np.clip(result.x * units, 0.0, 1.0))

    def _feasible_size(self, pixels: Array) -> float:
        """Return the size of the change, extended slightly until the network predicts the label, or infinity."""
        for overshoot in OVERSHOOTS:
            changed = np.clip(self._image + (1.0 + overshoot) * (pixels - self._image), 0.0, 1.0)
            if self._network.logits(changed).argmax() == self._label:
                return float(np.linalg.norm(changed - self._image))
        return float(np.inf)
