"""Ill cases whose steps are too long or too short, or whose runs are."""

from __future__ import annotations

from benchmarks.doctor.cases.ill_case import DIGITS, MNIST, SGD, ill_case

STEP_TOO_LONG = (
    ill_case(
        "raw pixels and a long step",
        {**MNIST, **SGD, "input_scaling": "none", "learning_rate": 1.0, "hidden_sizes": (128,)},
        "not_finite input_scale diverging learning_rate_too_high",
        {"input_scaling": "unit"},
        {"learning_rate": 1e-4},
    ),
    ill_case(
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
    ill_case(
        "sgd at rate 3",
        {**DIGITS, **SGD, "learning_rate": 3.0},
        "learning_rate_too_high dead_units diverging not_finite",
        {"learning_rate": 0.1},
    ),
    ill_case(
        "adam at rate 0.3",
        {**DIGITS, "learning_rate": 0.3},
        "learning_rate_too_high dead_units",
        {"learning_rate": 0.003},
    ),
    ill_case(
        "rmsprop at rate 0.1",
        {**MNIST, "optimizer": "rmsprop", "learning_rate": 0.3, "hidden_sizes": (64, 64)},
        "learning_rate_too_high dead_units",
        {"learning_rate": 0.001},
    ),
    ill_case(
        "relu units killed at rate 2",
        {**DIGITS, **SGD, "learning_rate": 2.0, "hidden_sizes": (32, 32)},
        "dead_units learning_rate_too_high",
        {"learning_rate": 0.1},
        {"activation": "leaky_relu", "learning_rate": 0.2},
    ),
    ill_case(
        "summed losses at a rate for means",
        {**DIGITS, **SGD, "reduction": "sum", "learning_rate": 0.1},
        "summed_cost learning_rate_too_high dead_units diverging not_finite",
        {"reduction": "mean"},
        {"learning_rate": 0.1 / 32},
    ),
    ill_case(
        "batches of one image at rate 0.3",
        {**DIGITS, **SGD, "batch_size": 1, "learning_rate": 0.3, "epochs": 10},
        "oscillating learning_rate_too_high dead_units",
        {"learning_rate": 0.01},
        {"batch_size": 32},
    ),
    ill_case(
        "momentum 0.99 at rate 0.3",
        {**DIGITS, **SGD, "momentum": 0.99, "learning_rate": 0.3, "activation": "tanh", "initializer": "glorot"},
        "optimizer_constants oscillating learning_rate_too_high saturated_units",
        {"momentum": 0.0},
        {"momentum": 0.9, "learning_rate": 0.03},
        {"learning_rate": 0.003},
    ),
)

STEP_TOO_SHORT = (
    ill_case(
        "sgd at rate 1e-4",
        {**DIGITS, **SGD, "learning_rate": 1e-4},
        "learning_rate_too_low",
        {"learning_rate": 0.1},
        {"optimizer": "adam", "learning_rate": 0.003},
    ),
    ill_case(
        "adam at rate 1e-6",
        {**MNIST, "learning_rate": 1e-6},
        "learning_rate_too_low",
        {"learning_rate": 1e-3},
    ),
    ill_case(
        "one epoch",
        {**DIGITS, **SGD, "learning_rate": 0.02, "epochs": 2},
        "too_short learning_rate_too_low",
        {"epochs": 30},
        {"learning_rate": 0.5},
    ),
    ill_case(
        "a few full-batch steps",
        {**MNIST, **SGD, "batching": "full_batch", "learning_rate": 0.1},
        "too_short learning_rate_too_low",
        {"batching": "mini_batch"},
        {"epochs": 100},
        {"learning_rate": 1.0},
    ),
    ill_case(
        "rate gone after some epochs",
        {**DIGITS, **SGD, "learning_rate": 0.02, "schedule": "exponential", "decay_rate": 0.3},
        "learning_rate_decayed",
        {"schedule": "constant"},
        {"decay_rate": 0.95},
    ),
    ill_case(
        "adam with epsilon 1",
        {**DIGITS, "epsilon": 1.0, "learning_rate": 1e-3},
        "optimizer_constants learning_rate_too_low",
        {"epsilon": 1e-8},
        {"learning_rate": 0.3},
    ),
)

STEP_FAULTS = (*STEP_TOO_LONG, *STEP_TOO_SHORT)
