"""The largest curvature of a cost, from differences of its gradient."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nn.array_types import Float64Array

MIN_GRADIENTS, MAX_GRADIENTS = 6, 20  # with fewer, a smaller eigenvalue could seem to be the largest one
TOLERANCE = 0.05  # largest relative residual; an exact eigenvalue is at most this far from the result
ROUNDING = 1e-7  # relative length below which the next vector consists of rounding errors
# The length of the step between the two points. A kink of the cost between them would look like a large curvature.
DISPLACEMENT = 1e-8


def largest_curvature(
    gradient: Callable[[Float64Array], Float64Array], parameters: Float64Array, max_gradients: int = MAX_GRADIENTS
) -> float | None:
    """Return the largest eigenvalue λ_max of the Hessian of a cost at `parameters` (n_parameters,).

    `gradient` returns the gradient (n_parameters,) of the cost, which its next call may overwrite. Its difference
    between two points close to each other is the product of the Hessian with the difference of the points (Y. LeCun et
    al., "Efficient BackProp", 1998, section 8.3), exactly so for a quadratic cost. The Lanczos method combines the
    results of all power iterations (C. Lanczos, 1950), so it needs fewer gradients, and it finds the largest eigenvalue
    even if another one is larger in magnitude and negative. The function stops when the eigenvalue has converged, or
    after `max_gradients` products; the result is then a lower bound. The result is None if a gradient is not finite.
    """
    here = gradient(parameters).copy()
    if not np.isfinite(here).all():
        return None
    random = np.random.default_rng(0).random(parameters.size, dtype=np.float32) - 0.5
    vector = _unit(_unit(random.astype(np.float64)) + _unit(here))
    previous, product, scratch = (np.zeros_like(vector) for _ in range(3))  # large vectors, so they are allocated once
    diagonal: list[float] = []
    off_diagonal: list[float] = []
    eigenvalue = 0.0
    while len(diagonal) < min(max_gradients, parameters.size):
        np.multiply(vector, DISPLACEMENT, out=scratch)
        np.add(scratch, parameters, out=scratch)
        np.subtract(gradient(scratch), here, out=product)
        np.divide(product, DISPLACEMENT, out=product)
        diagonal.append(float(vector @ product))
        np.subtract(product, np.multiply(vector, diagonal[-1], out=scratch), out=product)
        if off_diagonal:
            np.subtract(product, np.multiply(previous, off_diagonal[-1], out=scratch), out=product)
        length = math.sqrt(float(product @ product))
        if not math.isfinite(length):
            return None
        eigenvalues, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1))
        eigenvalue = float(eigenvalues[-1])
        residual = length * abs(vectors[-1, -1])
        if length <= ROUNDING * np.abs(eigenvalues).max() or (
            len(diagonal) >= MIN_GRADIENTS and residual <= TOLERANCE * abs(eigenvalue)
        ):
            break
        off_diagonal.append(length)
        np.divide(product, length, out=product)
        previous, vector, product = vector, product, previous
    return eigenvalue


def _unit(vector: Float64Array) -> Float64Array:
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector
