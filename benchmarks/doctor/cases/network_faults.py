"""Ill cases with a fault of the network: its weights, its size, its regularization, or the scale of its examples."""

from __future__ import annotations

from benchmarks.doctor.cases.case import Case
from benchmarks.doctor.cases.ill_case import DIGITS, MNIST, SGD, ill_case

GRADIENT = (
    ill_case(
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
    ill_case(
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
    ill_case(
        "normal weights in four relu layers",
        {**DIGITS, **SGD, "hidden_sizes": (64,) * 4, "initializer": "normal", "learning_rate": 0.1},
        "exploding_gradient initial_cost not_finite diverging dead_units learning_rate_too_high",
        {"initializer": "he"},
    ),
    ill_case(
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
    ill_case(
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
    ill_case(
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
    ill_case(
        "weights of size 10",
        {**DIGITS, "initializer": "normal", "initializer_scale": 10.0, "epochs": 5},
        "initial_cost exploding_gradient",
        {"initializer": "he"},
    ),
    ill_case(
        "equal weights",
        {**DIGITS, **SGD, "initializer": "constant", "initializer_scale": 0.1, "learning_rate": 0.1},
        "identical_units",
        {"initializer": "he"},
        {"initializer": "glorot"},
    ),
    ill_case(
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
    ill_case("two hidden units", {**DIGITS, "hidden_sizes": (2,)}, "too_small", {"hidden_sizes": (64,)}),
    ill_case(
        "one narrow layer among wide ones",
        {**MNIST, "hidden_sizes": (64, 2, 64)},
        "too_small",
        {"hidden_sizes": (64, 64)},
        {"hidden_sizes": (64, 16, 64)},
    ),
    ill_case(
        "ten images of each class",
        {"dataset": "mnist", "images_per_class": 10, "hidden_sizes": (200,), "validation_fraction": 0.2},
        "overfitting",
        {"images_per_class": 100},
        images_per_class=300,
    ),
    ill_case(
        "an L2 penalty of 1",
        {**DIGITS, "l2": 1.0},
        "over_regularized",
        {"l2": 0.0},
        {"l2": 0.001},
    ),
    ill_case("an L1 penalty of 0.1", {**MNIST, "l1": 0.1}, "over_regularized", {"l1": 0.0}),
    ill_case(
        "dropout of 0.9 in a narrow layer",
        {**DIGITS, "hidden_sizes": (16,), "dropout_rate": 0.9},
        "over_regularized",
        {"dropout_rate": 0.0},
        {"dropout_rate": 0.2},
    ),
)

SCALES = (
    ill_case(
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

NETWORK_FAULTS: tuple[Case, ...] = (*GRADIENT, *CAPACITY, *SCALES)
