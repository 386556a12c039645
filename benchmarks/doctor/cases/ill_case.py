"""What the ill cases share: a configuration that learns, shortened data, and the form of a case."""

from __future__ import annotations

from typing import Any

from benchmarks.doctor.cases.case import Case

REPAIRED: dict[str, Any] = {
    "input_scaling": "unit",
    "hidden_sizes": (64,),
    "activation": "relu",
    "use_bias": True,
    "loss": "softmax_cross_entropy",
    "reduction": "mean",
    "initializer": "he",
    "bias_initializer": "zeros",
    "optimizer": "adam",
    "learning_rate": 0.003,
    "epsilon": 1e-8,
    "momentum": 0.0,
    "nesterov": False,
    "schedule": "constant",
    "batching": "mini_batch",
    "batch_size": 32,
    "sampling": "without_replacement",
    "l1": 0.0,
    "l2": 0.0,
    "dropout_rate": 0.0,
}
"""A configuration that learns each data set of images; the reference of most cases."""

DIGITS: dict[str, Any] = {"dataset": "digits"}
MNIST: dict[str, Any] = {"dataset": "mnist", "images_per_class": 100, "epochs": 10}
SGD: dict[str, Any] = {"optimizer": "sgd"}


def ill_case(name: str, changes: dict[str, Any], codes: str, *remedies: dict[str, Any], **reference: Any) -> Case:
    """Return an ill case with accepted codes, separated by spaces, and changes of its reference."""
    return Case(
        name=name,
        group="ill",
        changes=changes,
        codes=tuple(codes.split()),  # type: ignore[arg-type]  # tests check the codes
        remedies=remedies,
        reference=REPAIRED | reference,
    )
