"""What can be chosen about how a network is trained."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nn.hyperparameters.fields import MAX_EPOCHS, Integer, Real, shown
from nn.hyperparameters.network import NetworkHyperparameters

STEPPING = ["adam", "sgd", "rmsprop"]


class TrainingHyperparameters(NetworkHyperparameters):
    """The training, after data and network."""

    optimizer: Literal["adam", "sgd", "rmsprop", "conjugate_gradient", "lbfgs"] = Field(
        "adam",
        description="How a gradient becomes a step. sgd is the plain one. If the cost creeps whatever the learning "
        "rate, take adam or rmsprop, which find a step size for each weight. conjugate_gradient and lbfgs look for the "
        "best step by themselves, on all examples at once: an epoch is one of their iterations.",
        json_schema_extra=shown("training", "Optimizer"),
    )
    learning_rate: Real = Field(
        0.003,
        gt=0,
        le=1e9,
        description="Length of each step. If the cost turns to NaN or jumps up and down, lower this; if it falls "
        "slowly and steadily, raise it.",
        json_schema_extra=shown("training", "Learning rate", when={"optimizer": STEPPING}),
    )
    momentum: Real = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of the last step that is kept in the next. If the cost creeps, try 0.9; if it swings, lower "
        "this.",
        json_schema_extra=shown("training", "Momentum", when={"optimizer": ["sgd"]}),
    )
    nesterov: bool = Field(
        False,
        description="Look ahead: take the gradient where momentum is about to lead. Calms a cost that swings with it.",
        json_schema_extra=shown("training", "Nesterov", when={"optimizer": ["sgd"]}, advanced=True),
    )
    rho: Real = Field(
        0.9,
        ge=0,
        lt=1,
        description="How slowly RMSProp forgets past squared gradients. If the cost jumps up and down, raise this.",
        json_schema_extra=shown("training", "RMSProp ρ", when={"optimizer": ["rmsprop"]}, advanced=True),
    )
    beta_1: Real = Field(
        0.9,
        ge=0,
        lt=1,
        description="How slowly Adam forgets past gradients. If the cost swings, lower this.",
        json_schema_extra=shown("training", "Adam β₁", when={"optimizer": ["adam"]}, advanced=True),
    )
    beta_2: Real = Field(
        0.999,
        ge=0,
        lt=1,
        description="How slowly Adam forgets past squared gradients. If the cost jumps late in a run, raise this.",
        json_schema_extra=shown("training", "Adam β₂", when={"optimizer": ["adam"]}, advanced=True),
    )
    epsilon: Real = Field(
        1e-8,
        ge=1e-16,  # less would let a squared gradient that is too small for float32 make a huge step
        le=1,
        description="Keeps Adam and RMSProp from dividing by zero. If the cost jumps once it is small, raise this.",
        json_schema_extra=shown("training", "ε", when={"optimizer": ["adam", "rmsprop"]}, advanced=True),
    )
    schedule: Literal["constant", "linear", "exponential", "step", "cosine"] = Field(
        "constant",
        description="How the learning rate changes from epoch to epoch. If the cost wobbles at the end of a "
        "run, let the rate fall.",
        json_schema_extra=shown("training", "Schedule", when={"optimizer": STEPPING}),
    )
    final_learning_rate_fraction: Real = Field(
        0.01,
        ge=0,
        le=1,
        description="Share of the learning rate that is left in the last epoch.",
        json_schema_extra=shown(
            "training", "Final share", when={"optimizer": STEPPING, "schedule": ["linear", "cosine"]}
        ),
    )
    decay_rate: Real = Field(
        0.95,
        gt=0,
        le=1,
        description="What the learning rate is multiplied by at each decay.",
        json_schema_extra=shown("training", "Decay", when={"optimizer": STEPPING, "schedule": ["exponential", "step"]}),
    )
    decay_every: Integer = Field(
        10,
        ge=1,
        le=MAX_EPOCHS,
        description="Epochs between two decays.",
        json_schema_extra=shown(
            "training", "Decay every", unit="epochs", when={"optimizer": STEPPING, "schedule": ["step"]}
        ),
    )
    batching: Literal["mini_batch", "full_batch"] = Field(
        "mini_batch",
        description="mini_batch takes many small steps in an epoch; full_batch takes one, on all images.",
        json_schema_extra=shown("training", "Batches"),
    )
    batch_size: Integer = Field(
        32,
        ge=1,
        le=1_000_000,
        description="Images in each step. Smaller batches take more and noisier steps, and more time. If the cost "
        "jumps from step to step, raise this.",
        json_schema_extra=shown("training", "Batch size", unit="images", when={"batching": ["mini_batch"]}),
    )
    sampling: Literal["without_replacement", "with_replacement", "sliding_window"] = Field(
        "without_replacement",
        description="Which images a batch has. without_replacement sees each image once in an epoch, in a new order; "
        "with_replacement draws each one from all; sliding_window takes neighbors in the stored order and moves on by "
        "one image after each step.",
        json_schema_extra=shown("training", "Sampling", when={"batching": ["mini_batch"]}, advanced=True),
    )
    epochs: Integer = Field(
        30,
        ge=1,
        le=MAX_EPOCHS,
        description="How often every training image is seen. If the validation cost still falls at the end, raise "
        "this.",
        json_schema_extra=shown("training", "Epochs"),
    )
    divergence_factor: Real = Field(
        1000.0,
        gt=1,
        le=1e300,
        description="The run ends as diverged when the cost of an epoch is this many times the cost before the first "
        "step.",
        json_schema_extra=shown("training", "Divergence at", unit="×", advanced=True),
    )
    seed: Integer = Field(
        0,
        ge=0,
        le=2**32 - 1,
        description="Decides every random draw: the same seed gives the same run, bit for bit.",
        json_schema_extra=shown("training", "Seed"),
    )

    @property
    def searches(self) -> bool:
        """Whether the optimizer is one of those that look for the length of each step themselves."""
        return self.optimizer not in STEPPING

    @property
    def takes_windows(self) -> bool:
        """Whether batches are windows that slide over the images."""
        return self.batching == "mini_batch" and self.sampling == "sliding_window"
