"""The largest curvature of a cost, from differences of its gradient."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nn.array_types import Float64Array

MAX_GRADIENTS = 20
TOLERANCE = 0.02  # largest relative residual; an exact eigenvalue is at most this far from the result
DISPLACEMENT = 1e-5  # length of the vector between the two points of a difference; small, so that few kinks are crossed


def largest_curvature(
    gradient: Callable[[Float64Array], Float64Array], parameters: Float64Array, max_gradients: int = MAX_GRADIENTS
) -> float | None:
    """Return the largest eigenvalue λ_max of the Hessian of a cost at `parameters` (n_parameters,).

    `gradient` returns the gradient (n_parameters,) of the cost. Its difference between two points close to each other
    is the product of the Hessian with the difference of the points (Y. LeCun et al., "Efficient BackProp", 1998,
    section 8.3), exactly so for a quadratic cost. The Lanczos method combines the results of all power iterations
    (C. Lanczos, 1950), so it needs fewer gradients, and it finds the largest eigenvalue even if another one is larger
    in magnitude and negative. The function stops when the eigenvalue has converged, or after `max_gradients` products;
    the result is then a lower bound. The result is None if a gradient is not finite.
    """
    here = gradient(parameters)
    if not np.isfinite(here).all():
        return None
    rng = np.random.default_rng(0)
    vector = _unit(_unit(rng.standard_normal(parameters.size)) + _unit(here))
    previous = np.zeros_like(vector)
    diagonal: list[float] = []
    off_diagonal: list[float] = []
    eigenvalue = 0.0
    while len(diagonal) < min(max_gradients, parameters.size):
        product = (gradient(parameters + DISPLACEMENT * vector) - here) / DISPLACEMENT
        diagonal.append(float(vector @ product))
        product -= diagonal[-1] * vector
        if off_diagonal:
            product -= off_diagonal[-1] * previous
        length = float(np.linalg.norm(product))
        if not math.isfinite(length):
            return None
        eigenvalues, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1))
        eigenvalue = float(eigenvalues[-1])
        if length * abs(vectors[-1, -1]) <= TOLERANCE * abs(eigenvalue):
            break
        off_diagonal.append(length)
        previous, vector = vector, product / length
    return eigenvalue


def _unit(vector: Float64Array) -> Float64Array:
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector
