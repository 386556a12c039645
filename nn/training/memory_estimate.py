"""Estimate of the memory that a run needs, computed without allocating it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from nn.diagnosis.measurement.fixed_examples import n_fixed_examples
from nn.errors import HyperparameterError
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import MAX_ROWS, count_parameters
from nn.training.optimizers import optimizer_class

PROCESS_BYTES = 150_000_000  # memory of the interpreter with NumPy and SciPy before training
CHECKPOINT_COPIES = 3  # the last checkpoint, the best checkpoint, and a copy in progress


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """The estimated peak memory of the process of a run.

    `parts` maps each purpose to its number of bytes.
    """

    hyperparameters: Hyperparameters
    parameter_count: int
    parts: dict[str, int]

    @property
    def total_bytes(self) -> int:
        """The sum of all parts in bytes."""
        return sum(self.parts.values())

    def to_field_error(self, limit_bytes: int) -> HyperparameterError:
        """Return an error that names the field to change, the memory of the run, the limit, and a remedy."""
        sizes = f"the run would need about {_size(self.total_bytes)} of memory; the limit is {_size(limit_bytes)}"
        without_hidden = estimate_memory(self.hyperparameters.model_copy(update={"hidden_sizes": ()}))
        if without_hidden.total_bytes > limit_bytes:
            return HyperparameterError({"dataset": f"is too large: {sizes}. Choose a smaller one"})
        return HyperparameterError(
            {
                "hidden_sizes": f"would make {self.parameter_count:,} parameters: {sizes}. "
                "Choose fewer layers or fewer units"
            }
        )


def estimate_memory(hyperparameters: Hyperparameters) -> MemoryEstimate:
    """Add up the sizes of all arrays that training with `hyperparameters` allocates.

    Rows of a buffer that are never written take no memory. Therefore the estimate includes only rows that are written.
    In the buffers for activations, these are the rows of an evaluation; in the buffers for backpropagation, the rows of
    a batch.
    """
    h, spec = hyperparameters, hyperparameters.dataset_spec
    number = 4 if h.dtype == "float32" else 8
    sizes = (h.n_features, *h.hidden_sizes, spec.n_outputs)
    shapes = list(pairwise(sizes))
    parameter_count = count_parameters(sizes, use_bias=h.use_bias)
    parameters = parameter_count * number
    batch_size = h.batch_size_for(h.train_size)
    rows = min(batch_size, MAX_ROWS)
    hidden_units = sum(h.hidden_sizes)
    outputs = MAX_ROWS * (hidden_units + spec.n_outputs)
    gradients = rows * 2 * (hidden_units + spec.n_outputs)
    dropout = rows * 2 * hidden_units if h.dropout_rate else 0
    stored_number = 1 if spec.image_shape else 8
    n_examples = n_fixed_examples(h.train_size)
    telemetry = 2 * parameter_count + n_examples * (h.n_features + 3 * max(sizes[1:]))
    cropped = 0 if h.n_features == spec.n_features else (spec.train_size + spec.test_size) * h.n_features
    order = h.train_size * (h.batch_size if h.takes_windows else 1)
    return MemoryEstimate(
        hyperparameters=h,
        parameter_count=parameter_count,
        parts={
            "process": PROCESS_BYTES,
            "parameters": parameters,
            "gradient": (2 if batch_size > MAX_ROWS else 1) * parameters,
            "optimizer": _state_vectors(h) * parameters + _search_vectors(h) * 8 * parameter_count,
            "penalty": max(n_inputs * n_units for n_inputs, n_units in shapes) * number if h.l1 or h.l2 else 0,
            "checkpoints": CHECKPOINT_COPIES * (1 + _state_vectors(h)) * parameters,
            "activations": (outputs + gradients + dropout) * number,
            "telemetry": telemetry * number,
            "inputs": 2 * MAX_ROWS * h.n_features * (stored_number + number),
            "data": (spec.train_size + spec.test_size) * (stored_number * spec.n_features + 1) + cropped + 24 * order,
            "predictions": spec.test_size * (spec.n_outputs * (2 + 4 * number) + number + 5),
        },
    )


def _state_vectors(h: Hyperparameters) -> int:
    """Return the number of state vectors of the optimizer. Each has one entry per parameter."""
    return 0 if h.searches else len(optimizer_class(h).state_names)


def _search_vectors(h: Hyperparameters) -> int:
    """Return the approximate number of float64 vectors that SciPy allocates during a search.

    Each vector has one entry per parameter.
    """
    return {"conjugate_gradient": 14, "lbfgs": 40}.get(h.optimizer, 0)


def _size(n_bytes: int) -> str:
    """Format a number of bytes, such as 480 MB or 22.4 GB."""
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"
