"""Hyperparameters of the training."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from nn.hyperparameters.fields import MAX_EPOCHS, Integer, Real, shown
from nn.hyperparameters.network import NetworkFields

STEPPING = ["adam", "sgd", "rmsprop"]


class TrainingFields(NetworkFields):
    """The optimizer, its learning rate, and the batches."""

    optimizer: Literal["adam", "sgd", "rmsprop", "conjugate_gradient", "lbfgs"] = Field(
        "adam",
        description="Method that turns gradients into steps. sgd is plain gradient descent. If the cost decreases "
        "slowly at any learning rate, use adam or rmsprop, which adapt the step size of each weight. "
        "conjugate_gradient and lbfgs search for the best step length on all examples at once; one of their "
        "iterations is an epoch.",
        json_schema_extra=shown("training", "Optimizer"),
    )
    learning_rate: Real = Field(
        0.003,
        gt=0,
        le=1e9,
        description="Step size. If the cost becomes NaN or oscillates, lower it; if the cost decreases slowly and "
        "steadily, raise it.",
        json_schema_extra=shown("training", "Learning rate", when={"optimizer": STEPPING}),
    )
    momentum: Real = Field(
        0.0,
        ge=0,
        lt=1,
        description="Fraction of the previous step that is added to the next one. If the cost decreases slowly, try "
        "0.9; if it oscillates, lower it.",
        json_schema_extra=shown("training", "Momentum", when={"optimizer": ["sgd"]}),
    )
    nesterov: bool = Field(
        False,
        description="Compute the gradient at the point that momentum leads to. This damps oscillations caused by "
        "momentum.",
        json_schema_extra=shown("training", "Nesterov", when={"optimizer": ["sgd"]}, advanced=True),
    )
    rho: Real = Field(
        0.9,
        ge=0,
        lt=1,
        description="Decay rate of the running average of squared gradients in RMSProp. If the cost jumps up and "
        "down, raise it.",
        json_schema_extra=shown("training", "RMSProp ρ", when={"optimizer": ["rmsprop"]}, advanced=True),
    )
    beta_1: Real = Field(
        0.9,
        ge=0,
        lt=1,
        description="Decay rate of the running average of gradients in Adam. If the cost oscillates, lower it.",
        json_schema_extra=shown("training", "Adam β₁", when={"optimizer": ["adam"]}, advanced=True),
    )
    beta_2: Real = Field(
        0.999,
        ge=0,
        lt=1,
        description="Decay rate of the running average of squared gradients in Adam. If the cost jumps late in a run, "
        "raise it.",
        json_schema_extra=shown("training", "Adam β₂", when={"optimizer": ["adam"]}, advanced=True),
    )
    epsilon: Real = Field(
        1e-8,
        ge=1e-16,  # with a smaller ε, a squared gradient that underflows to 0 in float32 would cause a huge step
        le=1,
        description="Small constant that keeps Adam and RMSProp from dividing by zero. If the cost jumps once it is "
        "small, raise it.",
        json_schema_extra=shown("training", "ε", when={"optimizer": ["adam", "rmsprop"]}, advanced=True),
    )
    schedule: Literal["constant", "linear", "exponential", "step", "cosine"] = Field(
        "constant",
        description="Change of the learning rate over the epochs. If the cost fluctuates at the end of a run, use a "
        "schedule that decreases the rate.",
        json_schema_extra=shown("training", "Schedule", when={"optimizer": STEPPING}),
    )
    final_learning_rate_fraction: Real = Field(
        0.01,
        ge=0,
        le=1,
        description="Learning rate of the last epoch, as a fraction of the initial learning rate.",
        json_schema_extra=shown(
            "training", "Final learning rate (fraction)", when={"optimizer": STEPPING, "schedule": ["linear", "cosine"]}
        ),
    )
    decay_rate: Real = Field(
        0.95,
        gt=0,
        le=1,
        description="Factor that multiplies the learning rate at each decay.",
        json_schema_extra=shown(
            "training", "Decay factor", when={"optimizer": STEPPING, "schedule": ["exponential", "step"]}
        ),
    )
    decay_every: Integer = Field(
        10,
        ge=1,
        le=MAX_EPOCHS,
        description="Number of epochs between two decays.",
        json_schema_extra=shown(
            "training", "Decay interval", unit="epochs", when={"optimizer": STEPPING, "schedule": ["step"]}
        ),
    )
    batching: Literal["mini_batch", "full_batch"] = Field(
        "mini_batch",
        description="With mini_batch, an epoch takes many small steps; with full_batch, it takes one step on all "
        "images.",
        json_schema_extra=shown("training", "Batches"),
    )
    batch_size: Integer = Field(
        32,
        ge=1,
        le=1_000_000,
        description="Number of images in each step. Smaller batches take more steps, noisier steps, and more time. If "
        "the cost jumps from step to step, raise it.",
        json_schema_extra=shown("training", "Batch size", unit="images", when={"batching": ["mini_batch"]}),
    )
    sampling: Literal["without_replacement", "with_replacement", "sliding_window"] = Field(
        "without_replacement",
        description="How batches are drawn. without_replacement uses each image once in an epoch, in a new order; "
        "with_replacement draws each image from the whole training set; sliding_window takes neighbors in the stored "
        "order and advances by one image after each step.",
        json_schema_extra=shown("training", "Sampling", when={"batching": ["mini_batch"]}, advanced=True),
    )
    epochs: Integer = Field(
        30,
        ge=1,
        le=MAX_EPOCHS,
        description="Number of passes over the training images. If the validation cost still decreases at the end, "
        "raise it.",
        json_schema_extra=shown("training", "Epochs"),
    )
    divergence_factor: Real = Field(
        1000.0,
        gt=1,
        le=1e300,
        description="The run ends as diverged if the cost of an epoch exceeds this multiple of the cost before the "
        "first step.",
        json_schema_extra=shown("training", "Divergence threshold", unit="×", advanced=True),
    )
    seed: Integer = Field(
        0,
        ge=0,
        le=2**32 - 1,
        description="Seed of all random numbers. On the same kind of machine, the same seed repeats a run bit for bit; "
        "another processor can round differently.",
        json_schema_extra=shown("training", "Seed"),
    )

    @property
    def searches(self) -> bool:
        """True if the optimizer searches for the length of each step."""
        return self.optimizer not in STEPPING

    def batch_size_for(self, n_examples: int) -> int:
        """Return the number of examples in each step for a training split of `n_examples`."""
        return n_examples if self.batching == "full_batch" else min(self.batch_size, n_examples)

    def steps_per_epoch(self, n_examples: int) -> int:
        """Return the number of steps in an epoch for a training split of `n_examples`."""
        return n_examples if self.takes_windows else math.ceil(n_examples / self.batch_size_for(n_examples))

    @property
    def takes_windows(self) -> bool:
        """True if batches are windows that slide over the training images."""
        return self.batching == "mini_batch" and self.sampling == "sliding_window"
