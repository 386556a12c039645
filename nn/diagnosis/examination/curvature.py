"""The largest curvature of a cost, from differences of its gradient."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nn.array_types import Float64Array
from nn.diagnosis.measurement.vector_norm import norm

MIN_GRADIENTS, MAX_GRADIENTS = 6, 20  # with fewer, a smaller eigenvalue could seem to be the largest one
TOLERANCE = 0.05  # largest relative residual; an exact eigenvalue is at most this far from the result
ROUNDING = 1e-6  # relative length below which the next vector consists of rounding errors
# The length of the step between the two points. A kink of the cost between them would look like a large curvature.
DISPLACEMENT = 1e-8


def largest_curvature(
    gradient: Callable[[Float64Array], Float64Array], parameters: Float64Array, max_gradients: int = MAX_GRADIENTS
) -> float | None:
    """Return the largest eigenvalue λ_max of the Hessian of a cost at `parameters` (n_parameters,).

    `gradient` returns the gradient (n_parameters,) of the cost at `parameters`. The function changes both arrays in
    place, because copies of large vectors take longer than the rest. The difference of the gradient between two points
    close to each other is the product of the Hessian with the difference of the points (Y. LeCun et al., "Efficient
    BackProp", 1998, section 8.3), exactly so for a quadratic cost. The Lanczos method combines the results of all power
    iterations (C. Lanczos, 1950), so it needs fewer gradients, and it finds the largest eigenvalue even if another one
    is larger in magnitude and negative. The function stops when the eigenvalue has converged, or after `max_gradients`
    products; the result is then a lower bound. The result is None if a gradient is not finite.
    """
    here = gradient(parameters).copy()
    if not np.isfinite(here).all():
        return None
    # The vectors of the method are float32, which is exact enough for them and halves the time for their memory. They
    # are one array, because the operating system provides a large array faster than several small ones.
    vector, previous, product, scratch = np.empty((4, parameters.size), np.float32)
    np.random.default_rng(0).random(out=vector, dtype=np.float32)
    np.subtract(vector, 0.5, out=vector)
    vector *= 1 / norm(vector)
    slope = norm(here)
    np.multiply(here, 1 / slope if slope > 0 else 0.0, out=scratch, casting="same_kind")
    vector += scratch
    vector *= 1 / norm(vector)
    start = parameters.copy()
    diagonal: list[float] = []
    off_diagonal: list[float] = []
    eigenvalue = 0.0
    while len(diagonal) < min(max_gradients, parameters.size):
        np.multiply(vector, DISPLACEMENT, out=scratch)
        np.add(start, scratch, out=parameters)
        np.subtract(gradient(parameters), here, out=product, casting="same_kind")
        np.multiply(product, 1 / DISPLACEMENT, out=product)
        diagonal.append(float(vector @ product))
        np.subtract(product, np.multiply(vector, diagonal[-1], out=scratch), out=product)
        if off_diagonal:
            np.subtract(product, np.multiply(previous, off_diagonal[-1], out=scratch), out=product)
        length = norm(product)
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
        np.multiply(product, 1 / length, out=product)
        previous, vector, product = vector, product, previous
    return eigenvalue
