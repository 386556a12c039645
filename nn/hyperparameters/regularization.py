"""Hyperparameters of regularization."""

from __future__ import annotations

from pydantic import Field

from nn.hyperparameters.fields import MAX_EPOCHS, Integer, Real, shown
from nn.hyperparameters.training import TrainingFields


class RegularizationFields(TrainingFields):
    """The penalties, dropout, and early stopping."""

    l1: Real = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Adds l1 · Σ|w| to the cost, which drives unimportant weights to zero. If the weights of the "
        "first layer look like noise, raise it.",
        json_schema_extra=shown("regularization", "L1"),
    )
    l2: Real = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Adds l2 · ½Σw² to the cost, which limits the size of the weights. If training accuracy is far "
        "above validation accuracy, raise it.",
        json_schema_extra=shown("regularization", "L2"),
    )
    dropout_rate: Real = Field(
        0.0,
        ge=0,
        lt=1,
        description="Fraction of the units of each hidden layer that each training step switches off. If training "
        "accuracy is far above validation accuracy, raise it.",
        json_schema_extra=shown("regularization", "Dropout"),
    )
    early_stopping: bool = Field(
        False,
        description="End the run when the results on the validation split have stopped improving. This saves time if "
        "the validation cost increases again.",
        json_schema_extra=shown("regularization", "Early stopping"),
    )
    patience: Integer = Field(
        10,
        ge=1,
        le=MAX_EPOCHS,
        description="Number of epochs without a new best result on the validation split before the run ends. If runs "
        "end too early, raise it.",
        json_schema_extra=shown("regularization", "Patience", unit="epochs", when={"early_stopping": [True]}),
    )
