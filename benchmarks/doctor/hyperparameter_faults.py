"""Ill cases whose fault is a choice of hyperparameters: at least one for each symptom of the catalog."""

from __future__ import annotations

from typing import Any

from benchmarks.doctor.case import Case

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


def _ill(name: str, changes: dict[str, Any], codes: str, *remedies: dict[str, Any], **reference: Any) -> Case:
    return Case(
        name=name,
        group="ill",
        changes=changes,
        codes=tuple(codes.split()),  # type: ignore[arg-type]  # tests check the codes
        remedies=remedies,
        reference=REPAIRED | reference,
    )


STEP_TOO_LONG = (
    _ill(
        "raw pixels and a long step",
        {**MNIST, **SGD, "input_scaling": "none", "learning_rate": 1.0, "hidden_sizes": (128,)},
        "not_finite input_scale diverging learning_rate_too_high",
        {"input_scaling": "unit"},
        {"learning_rate": 1e-4},
    ),
    _ill(
        "linear outputs beyond the largest stable rate",
        {
            **DIGITS,
            **SGD,
            "hidden_sizes": (),
            "loss": "quadratic",
            "output_activation": "linear",
            "initializer": "glorot",
            "learning_rate": 0.2,
            "batching": "full_batch",
            "epochs": 60,
        },
        "diverging learning_rate_too_high",
        {"learning_rate": 0.1},
    ),
    _ill(
        "sgd at rate 3",
        {**DIGITS, **SGD, "learning_rate": 3.0},
        "learning_rate_too_high dead_units diverging not_finite",
        {"learning_rate": 0.1},
    ),
    _ill(
        "adam at rate 0.3",
        {**DIGITS, "learning_rate": 0.3},
        "learning_rate_too_high dead_units",
        {"learning_rate": 0.003},
    ),
    _ill(
        "rmsprop at rate 0.1",
        {**MNIST, "optimizer": "rmsprop", "learning_rate": 0.3, "hidden_sizes": (64, 64)},
        "learning_rate_too_high dead_units",
        {"learning_rate": 0.001},
    ),
    _ill(
        "relu units killed at rate 2",
        {**DIGITS, **SGD, "learning_rate": 2.0, "hidden_sizes": (32, 32)},
        "dead_units learning_rate_too_high",
        {"learning_rate": 0.1},
        {"activation": "leaky_relu", "learning_rate": 0.2},
    ),
    _ill(
        "summed losses at a rate for means",
        {**DIGITS, **SGD, "reduction": "sum", "learning_rate": 0.1},
        "summed_cost learning_rate_too_high dead_units diverging not_finite",
        {"reduction": "mean"},
        {"learning_rate": 0.1 / 32},
    ),
    _ill(
        "batches of one image at rate 0.3",
        {**DIGITS, **SGD, "batch_size": 1, "learning_rate": 0.3, "epochs": 10},
        "oscillating learning_rate_too_high dead_units",
        {"learning_rate": 0.01},
        {"batch_size": 32},
    ),
    _ill(
        "momentum 0.99 at rate 0.3",
        {**DIGITS, **SGD, "momentum": 0.99, "learning_rate": 0.3, "activation": "tanh", "initializer": "glorot"},
        "optimizer_constants oscillating learning_rate_too_high saturated_units",
        {"momentum": 0.0},
        {"momentum": 0.9, "learning_rate": 0.03},
        {"learning_rate": 0.003},
    ),
)

STEP_TOO_SHORT = (
    _ill(
        "sgd at rate 1e-4",
        {**DIGITS, **SGD, "learning_rate": 1e-4},
        "learning_rate_too_low",
        {"learning_rate": 0.1},
        {"optimizer": "adam", "learning_rate": 0.003},
    ),
    _ill(
        "adam at rate 1e-6",
        {**MNIST, "learning_rate": 1e-6},
        "learning_rate_too_low",
        {"learning_rate": 1e-3},
    ),
    _ill(
        "one epoch",
        {**DIGITS, **SGD, "learning_rate": 0.02, "epochs": 2},
        "too_short learning_rate_too_low",
        {"epochs": 30},
        {"learning_rate": 0.5},
    ),
    _ill(
        "a few full-batch steps",
        {**MNIST, **SGD, "batching": "full_batch", "learning_rate": 0.1},
        "too_short learning_rate_too_low",
        {"batching": "mini_batch"},
        {"epochs": 100},
        {"learning_rate": 1.0},
    ),
    _ill(
        "rate gone after some epochs",
        {**DIGITS, **SGD, "learning_rate": 0.02, "schedule": "exponential", "decay_rate": 0.3},
        "learning_rate_decayed",
        {"schedule": "constant"},
        {"decay_rate": 0.95},
    ),
    _ill(
        "adam with epsilon 1",
        {**DIGITS, "epsilon": 1.0, "learning_rate": 1e-3},
        "optimizer_constants learning_rate_too_low",
        {"epsilon": 1e-8},
        {"learning_rate": 0.3},
    ),
)

GRADIENT = (
    _ill(
        "six sigmoid layers",
        {
            **DIGITS,
            **SGD,
            "hidden_sizes": (32,) * 6,
            "activation": "sigmoid",
            "initializer": "glorot",
            "learning_rate": 0.1,
            "epochs": 60,
        },
        "vanishing_gradient",
        {"activation": "relu"},
        {"activation": "relu", "initializer": "he"},
    ),
    _ill(
        "tiny weights in five relu layers",
        {
            **DIGITS,
            **SGD,
            "hidden_sizes": (32,) * 5,
            "initializer": "normal",
            "initializer_scale": 0.01,
            "learning_rate": 0.1,
        },
        "vanishing_gradient initial_cost input_ignored",
        {"initializer": "he"},
    ),
    _ill(
        "normal weights in four relu layers",
        {**DIGITS, **SGD, "hidden_sizes": (64,) * 4, "initializer": "normal", "learning_rate": 0.1},
        "exploding_gradient initial_cost not_finite diverging dead_units learning_rate_too_high",
        {"initializer": "he"},
    ),
    _ill(
        "saturated sigmoid units on raw pixels",
        {
            **MNIST,
            **SGD,
            "input_scaling": "none",
            "activation": "sigmoid",
            "initializer": "glorot",
            "learning_rate": 0.5,
            "epochs": 20,
        },
        "saturated_units input_scale learning_rate_too_high",
        {"input_scaling": "unit"},
        {"learning_rate": 0.05},
    ),
    _ill(
        "saturated tanh units",
        {
            **DIGITS,
            **SGD,
            "hidden_sizes": (64, 64),
            "activation": "tanh",
            "initializer": "normal",
            "initializer_scale": 5.0,
            "learning_rate": 0.01,
        },
        "saturated_units initial_cost exploding_gradient",
        {"initializer": "glorot"},
    ),
    _ill(
        "squared loss on saturated outputs",
        {
            **MNIST,
            **SGD,
            "activation": "sigmoid",
            "loss": "quadratic",
            "initializer": "normal",
            "initializer_scale": 3.0,
            "bias_initializer": "normal",
            "learning_rate": 0.1,
        },
        "saturated_squared_loss saturated_units initial_cost",
        {"loss": "softmax_cross_entropy"},
        {"initializer": "glorot", "learning_rate": 1.0},
    ),
    _ill(
        "weights of size 10",
        {**DIGITS, "initializer": "normal", "initializer_scale": 10.0, "epochs": 5},
        "initial_cost exploding_gradient",
        {"initializer": "he"},
    ),
    _ill(
        "equal weights",
        {**DIGITS, **SGD, "initializer": "constant", "initializer_scale": 0.1, "learning_rate": 0.1},
        "identical_units",
        {"initializer": "he"},
        {"initializer": "glorot"},
    ),
    _ill(
        "zero weights",
        {
            **DIGITS,
            **SGD,
            "hidden_sizes": (32,),
            "initializer": "constant",
            "initializer_scale": 0.0,
            "learning_rate": 0.1,
        },
        "identical_units",
        {"initializer": "he"},
        {"initializer": "glorot"},
    ),
)

CAPACITY = (
    _ill("two hidden units", {**DIGITS, "hidden_sizes": (2,)}, "too_small", {"hidden_sizes": (64,)}),
    _ill(
        "one narrow layer among wide ones",
        {**MNIST, "hidden_sizes": (64, 2, 64)},
        "too_small",
        {"hidden_sizes": (64, 64)},
        {"hidden_sizes": (64, 16, 64)},
    ),
    _ill(
        "ten images of each class",
        {"dataset": "mnist", "images_per_class": 10, "hidden_sizes": (200,), "validation_fraction": 0.2},
        "overfitting",
        {"images_per_class": 100},
        images_per_class=300,
    ),
    _ill(
        "an L2 penalty of 1",
        {**DIGITS, "l2": 1.0},
        "over_regularized",
        {"l2": 0.0},
        {"l2": 0.001},
    ),
    _ill("an L1 penalty of 0.1", {**MNIST, "l1": 0.1}, "over_regularized", {"l1": 0.0}),
    _ill(
        "dropout of 0.9 in a narrow layer",
        {**DIGITS, "hidden_sizes": (16,), "dropout_rate": 0.9},
        "over_regularized",
        {"dropout_rate": 0.0},
        {"dropout_rate": 0.2},
    ),
)

SCALES = (
    _ill(
        "raw pixels with plain descent",
        {**MNIST, **SGD, "input_scaling": "none", "learning_rate": 0.03},
        "input_scale learning_rate_too_high dead_units diverging not_finite",
        {"input_scaling": "unit"},
        {"learning_rate": 1e-4},
    ),
    Case(
        "targets up to 25",
        "ill",
        {
            "dataset": "squares",
            "input_scaling": "standardize",
            "hidden_sizes": (8,),
            "activation": "tanh",
            "initializer": "glorot",
            "loss": "mean_squared_error",
            "output_activation": "linear",
            "batching": "full_batch",
            "learning_rate": 0.003,
            "epochs": 300,
        },
        ("target_scale", "learning_rate_too_low", "too_short"),
        ({"target_scaling": "standardize"}, {"learning_rate": 0.05}, {"epochs": 3000}),
        {"target_scaling": "standardize"},
    ),
    Case(
        "unscaled squares",
        "ill",
        {
            "dataset": "squares",
            "input_scaling": "none",
            "hidden_sizes": (),
            "loss": "mean_squared_error",
            "output_activation": "linear",
            "initializer": "normal",
            "optimizer": "sgd",
            "learning_rate": 0.01,
            "batching": "full_batch",
            "dtype": "float64",
        },
        ("input_scale", "target_scale", "diverging", "not_finite", "learning_rate_too_high"),
        (
            {"input_scaling": "standardize", "target_scaling": "standardize", "learning_rate": 0.03},
            {"learning_rate": 0.001},
        ),
        {"input_scaling": "standardize", "target_scaling": "standardize", "learning_rate": 0.1, "epochs": 100},
    ),
    Case(
        "exclusive or without a hidden layer",
        "ill",
        {
            "dataset": "xor_gate",
            "hidden_sizes": (),
            "initializer": "glorot",
            "loss": "binary_cross_entropy",
            "learning_rate": 0.05,
            "batching": "full_batch",
            "epochs": 400,
        },
        ("too_small",),
        ({"hidden_sizes": (4,), "activation": "tanh"}, {"hidden_sizes": (8,)}),
        {"hidden_sizes": (8,), "activation": "tanh"},
    ),
)

HYPERPARAMETER_FAULTS: tuple[Case, ...] = (*STEP_TOO_LONG, *STEP_TOO_SHORT, *GRADIENT, *CAPACITY, *SCALES)
