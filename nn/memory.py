"""How much memory a run will use, told before a byte of it is allocated."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from nn.errors import HyperparameterError
from nn.hyperparameters import Hyperparameters
from nn.network import MAX_ROWS, count_parameters

OPTIMIZER_VECTORS = {"sgd": 1, "rmsprop": 1, "adam": 2}
PROCESS_BYTES = 160 * 2**20  # the interpreter with NumPy, SciPy and scikit-learn loaded
CHECKPOINT_COPIES = 3  # the last and the best in memory, and one on its way to a file


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """The bytes of a run's process by what they are for, in `parts`, and the number of parameters.

    The size of a batch hardly matters: a large one passes through the network in pieces.
    """

    parameter_count: int
    parts: dict[str, int]

    @property
    def total_bytes(self) -> int:
        """The bytes of all parts."""
        return sum(self.parts.values())

    def to_field_error(self, limit_bytes: int) -> HyperparameterError:
        """Name the field that makes the run too large, how large it would be, and what would help."""
        sizes = f"the run would need about {_size(self.total_bytes)}, and may use {_size(limit_bytes)}"
        return HyperparameterError(
            {
                "hidden_sizes": f"make {self.parameter_count:,} parameters, which is too many: {sizes}; "
                "choose fewer or smaller layers"
            }
        )


def estimate_memory(hyperparameters: Hyperparameters) -> MemoryEstimate:
    """Count the arrays that training with `hyperparameters` makes, each by its size."""
    h, spec = hyperparameters, hyperparameters.dataset_spec
    number = 4 if h.dtype == "float32" else 8
    sizes = (spec.n_features, *h.hidden_sizes, spec.n_classes)
    parameter_count = count_parameters(spec.n_features, h.hidden_sizes, spec.n_classes)
    largest_layer = max(fan_in * fan_out for fan_in, fan_out in itertools.pairwise(sizes))
    vector = parameter_count * number
    state_vectors = 0 if h.optimizer == "sgd" and h.momentum == 0 else OPTIMIZER_VECTORS[h.optimizer]
    batch_size = spec.train_size if h.batching == "full_batch" else h.batch_size
    # For each image: its pixels and inputs, and for each layer outputs, the gradient of its inputs and scratch.
    hidden_units = sum(h.hidden_sizes)
    per_image = spec.n_features * (1 + number) + number * (2 * sum(sizes[1:]) + hidden_units + 6 * spec.n_classes)
    per_image += 2 * number * hidden_units if h.dropout_rate else 0
    test_record = spec.test_size * (spec.n_classes * (2 * number + 4) + 8)
    return MemoryEstimate(
        parameter_count,
        {
            "process": PROCESS_BYTES,
            "parameters": (3 if batch_size > MAX_ROWS else 2) * vector,
            "optimizer": state_vectors * vector,
            "checkpoints": CHECKPOINT_COPIES * (1 + state_vectors) * vector,
            "penalty": number * largest_layer if h.l1 or h.l2 else 0,
            "batch": MAX_ROWS * per_image,
            "data": 2 * (spec.train_size + spec.test_size) * spec.n_features,
            "predictions": 2 * test_record,
        },
    )


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:,.0f} MB"
