"""`check_gradient`: a gradient check of a function of one's own, for instance in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

import numpy as np

from nn.array_types import Float64Array
from nn.errors import ShapeError
from nn.lab.derivatives import TOLERANCE, Derivatives, smallest_scale
from nn.lab.layer_check import AGREEMENT
from nn.lab.ratio import Ratio, name_ratio

MAX_COMPARED = 200
OTHER_DATA = (
    "A gradient that agrees on these data can be wrong on others: a known program has the right gradient on an OR gate "
    "and the wrong sign on an AND gate. Check other data and other parameters too."
)

Parameters: TypeAlias = Mapping[str, Any] | Sequence[Any] | np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class ArrayCheck:
    """The comparison of the gradient of one array of parameters.

    `error` is the largest relative error of the `n_compared` derivatives. `notes` are warnings and hints.
    """

    name: str
    shape: tuple[int, ...]
    error: float
    n_compared: int
    ratio: Ratio
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """True if the gradient is right."""
        return self.error <= TOLERANCE

    @property
    def verdict(self) -> str:
        """A sentence about the array."""
        if self.n_compared == 0 and self.agrees:
            return "not compared"
        return "agrees" if self.agrees else self.ratio.text


@dataclass(frozen=True, slots=True)
class GradientReport:
    """The report of a gradient check. The arrays are in the order in which they were given, from input to output."""

    arrays: tuple[ArrayCheck, ...]
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """True if the gradient of each array is right."""
        return all(array.agrees for array in self.arrays)

    @property
    def first_disagreement(self) -> ArrayCheck | None:
        """The first array whose gradient is wrong, on the way from the output to the input, or None."""
        return next((array for array in reversed(self.arrays) if not array.agrees), None)

    @property
    def summary(self) -> str:
        """A sentence about all arrays."""
        wrong = self.first_disagreement
        if wrong is None:
            return "The gradient agrees with the finite differences."
        partner = self._partner(wrong)
        if partner is None:
            text = f"From the output to the input, {wrong.name} is the first array that disagrees: start there."
        elif partner.agrees:
            text = (
                f"From the output to the input, {wrong.name} is the first array that disagrees. {partner.name} of the "
                f"same layer agrees, so the error δ of the layer is right: the formula of {wrong.name} alone is wrong."
            )
        else:
            text = (
                f"From the output to the input, the layer of {partner.name} and {wrong.name} is the first that "
                "disagrees: its error δ is wrong, or both formulas are."
            )
        others = [array for array in self.arrays if not array.agrees and array not in {wrong, partner}]
        return f"{text} The arrays before it may disagree only because of it." if others else text

    def _partner(self, array: ArrayCheck) -> ArrayCheck | None:
        """Return the weights that belong to an array of biases, or the biases that belong to weights."""
        position = self.arrays.index(array)
        for other in self.arrays[max(position - 1, 0) : position + 2]:
            if {len(array.shape), len(other.shape)} == {1, 2} and array.shape[-1] == other.shape[-1]:
                return other
        return None

    def __str__(self) -> str:
        width = max(len("array"), *(len(array.name) for array in self.arrays))
        lines = [self.summary, f"{'array':{width}}  {'shape':>12}  {'error':>8}"]
        for array in self.arrays:
            lines.append(f"{array.name:{width}}  {array.shape!s:>12}  {array.error:8.1e}  {array.verdict}")
            lines += [f"{'':{width}}  note: {note}" for note in array.notes]
        return "\n".join([*lines, *self.notes])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(array.name)}</td><td>{array.shape}</td><td>{array.error:.1e}</td>"
            f"<td>{escape(' '.join([array.verdict, *array.notes]))}</td></tr>"
            for array in self.arrays
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        head = "<tr><th>array</th><th>shape</th><th>error</th><th></th></tr>"
        return f"<p><b>{escape(self.summary)}</b></p><table>{head}{rows}</table>{notes}"


def check_gradient(
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Parameters,
    *inputs: Any,
    batch_size: int | None = None,
) -> GradientReport:
    """Compare a gradient of one's own with finite differences of one's own cost.

    `cost(parameters, *inputs)` returns a number, and `gradient(parameters, *inputs)` the derivatives in the structure
    of `parameters`: an array, a list of arrays, or a dictionary of arrays. List the arrays from the input of the
    network to its output; the report names the first one that disagrees on the way back. `batch_size` is the number of
    examples; by default, it is the number of rows of the first input.

    The check computes with copies of type float64, so it changes no array. It compares at most `MAX_COMPARED` randomly
    chosen derivatives of each array, up to a relative error of 1e-6. Raises ShapeError if an array of the gradient is
    missing or has another shape, and TypeError or ValueError if a function returns something else than numbers.
    """
    given = _named_arrays(parameters, "parameters")
    copies = {name: np.array(array, np.float64) for name, array in given.items()}
    structure = _rebuild(parameters, copies)

    def evaluate() -> tuple[float, list[Any]]:
        return _number(cost(structure, *inputs)), []

    start = evaluate()[0]
    before = {name: array.copy() for name, array in copies.items()}
    analytic = _named_arrays(_copied(gradient(structure, *inputs)), "gradient")
    moved = [name for name, array in copies.items() if not np.array_equal(array, before[name], equal_nan=True)]
    for name, array in copies.items():
        array[...] = before[name]
    _check_shapes(copies, analytic)
    notes = [f"The function gradient changes {name}: it should only return derivatives." for name in moved]
    if evaluate()[0] != start and np.isfinite(start):
        notes.append("The cost is random: two calls return different costs. Fix the seed in the function cost.")
    if not np.isfinite(start):
        notes.append(f"The cost is {start}, so there is nothing to compare. Lower the weights or scale the inputs.")
    derivatives = {
        name: Derivatives.compute(array, np.asarray(analytic[name], np.float64), evaluate, MAX_COMPARED)
        for name, array in copies.items()
    }
    smallest = smallest_scale(list(derivatives.values()), start)
    size = _batch_size(inputs) if batch_size is None else batch_size
    checks = []
    for name, array in copies.items():
        confirmed = derivatives[name].confirm(array, evaluate, smallest)
        error = float(confirmed.errors(smallest).max(initial=0.0))
        is_finite = bool(np.isfinite(confirmed.analytic).all())
        error = error if is_finite else 1.0
        ratio = AGREEMENT if error <= TOLERANCE else name_ratio(confirmed, size)
        checks.append(ArrayCheck(name, array.shape, error, len(confirmed.numeric), ratio, _type_notes(given[name])))
    notes += [note for number, value in enumerate(inputs, 1) for note in _input_notes(number, value)]
    return GradientReport(tuple(checks), (*notes, OTHER_DATA))


def _named_arrays(values: object, what: str) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays of a structure by name, in order."""
    if isinstance(values, Mapping):
        named = {str(name): value for name, value in values.items()}
    elif isinstance(values, list | tuple):
        named = {f"array {number}": value for number, value in enumerate(values, 1)}
    else:
        named = {"array": values}
    arrays = {name: np.asarray(value) for name, value in named.items()}
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{name} of the {what} must be an array of real numbers, not of {array.dtype}")
    if not arrays or any(array.size == 0 for array in arrays.values()):
        raise ValueError(f"the {what} must have at least one array, and no array may be empty")
    return arrays


def _rebuild(parameters: Parameters, copies: Mapping[str, Float64Array]) -> Any:
    """Return the copies in the structure of `parameters`."""
    if isinstance(parameters, Mapping):
        return dict(zip(parameters, copies.values(), strict=True))
    if isinstance(parameters, list | tuple):
        return type(parameters)(copies.values()) if type(parameters) in {list, tuple} else list(copies.values())
    return next(iter(copies.values()))


def _copied(values: Any) -> Any:
    """Return a structure of copies, because a gradient may be in buffers that the next call overwrites."""
    if isinstance(values, Mapping):
        return {name: np.array(value) for name, value in values.items()}
    return [np.array(value) for value in values] if isinstance(values, list | tuple) else values


def _number(value: object) -> float:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "biuf":
        raise ValueError(
            f"the function cost must return one number, not an array of shape {array.shape} and type {array.dtype}; "
            "take the mean or the sum over the examples"
        )
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        raise ValueError(
            f"the function cost must compute in float64, not {array.dtype}; convert with astype(np.float64)"
        )
    return float(array.reshape(()))


def _check_shapes(parameters: Mapping[str, Float64Array], gradient: Mapping[str, np.ndarray[Any, Any]]) -> None:
    if list(parameters) != list(gradient) and set(parameters) != set(gradient):
        raise ShapeError(f"the gradient must have the arrays {', '.join(parameters)}, not {', '.join(gradient)}")
    for name, array in parameters.items():
        found = gradient[name].shape
        if found != array.shape:
            hint = "; it fits after transposing, so two factors of a product are exchanged" * (
                found == array.shape[::-1]
            )
            raise ShapeError(f"the gradient of {name} must have the shape {array.shape}, not {found}{hint}")


def _batch_size(inputs: tuple[Any, ...]) -> int | None:
    shape = np.shape(inputs[0]) if inputs else ()
    return int(shape[0]) if shape else None


def _type_notes(array: np.ndarray[Any, Any]) -> tuple[str, ...]:
    if array.dtype.kind in "biu":
        return (
            f"These parameters are of type {array.dtype}: in your program, each step is truncated to an integer. Use "
            "float64.",
        )
    return ()


def _input_notes(number: int, value: Any) -> Iterator[str]:
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.dtype.itemsize == 1:
        yield f"Input {number} is of type {value.dtype}: sums and products wrap around. Convert it to float64."
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all():
        yield f"Input {number} has values that are not finite."
