"""Hyperparameters of short runs on tables of numbers."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

XOR: MappingProxyType[str, Any] = MappingProxyType(
    {
        "dataset": "xor_gate",
        "hidden_sizes": [8],
        "activation": "tanh",
        "initializer": "glorot",
        "loss": "binary_cross_entropy",
        "batching": "full_batch",
        "learning_rate": 0.1,
        "epochs": 60,
    }
)
SQUARES: MappingProxyType[str, Any] = MappingProxyType(
    {
        "dataset": "squares",
        "input_scaling": "standardize",
        "target_scaling": "standardize",
        "hidden_sizes": [],
        "loss": "mean_squared_error",
        "output_activation": "linear",
        "optimizer": "sgd",
        "batching": "full_batch",
        "learning_rate": 0.1,
        "epochs": 25,
    }
)
RANDOM: MappingProxyType[str, Any] = MappingProxyType(
    {
        "dataset": "random_regression",
        "hidden_sizes": [20],
        "loss": "mean_squared_error",
        "output_activation": "linear",
        "batching": "full_batch",
        "learning_rate": 0.01,
        "epochs": 12,
    }
)
