"""Everything that can be chosen about a run, in one frozen model: default, bounds, unit, label, help.

The form, the JSON API and the worker all read this model, so that a value means the same everywhere.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nn.datasets.catalog import CATALOG, DatasetSpec
from nn.errors import HyperparameterError
from nn.hyperparameter_fields import GROUPS, MAX_EPOCHS, Integer, Real, Sizes, shown
from nn.hyperparameter_messages import field_messages

__all__ = ["GROUPS", "Hyperparameters"]


class Hyperparameters(BaseModel):
    """The choices that, with the data, decide a run bit for bit."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    dataset: Literal["digits", "digits_in_order", "mnist", "fashion_mnist"] = Field(
        "digits",
        description="The images to learn from. The 8×8 digits come with the program and train in seconds.",
        json_schema_extra=shown("data", "Data set"),
    )
    input_scaling: Literal["none", "unit", "standardize"] = Field(
        "unit",
        description="none keeps the stored bytes; unit divides them so that they lie in 0…1; standardize gives each "
        "pixel mean 0 and standard deviation 1 over the training images. If the cost barely moves, do not use none.",
        json_schema_extra=shown("data", "Input scaling"),
    )
    validation_fraction: Real = Field(
        0.1,
        ge=0,
        le=0.5,
        description="Share of the training images, the same from each class, that is held out to choose the best "
        "epoch and to stop early. 0 trains on everything and chooses nothing.",
        json_schema_extra=shown("data", "Validation share"),
    )

    hidden_sizes: Sizes = Field(
        (64,),
        description="Units in each hidden layer, from input to output, such as 128, 64. Empty for a perceptron. If "
        "both training and test accuracy stay low, add units.",
        json_schema_extra=shown("network", "Hidden layers", unit="units"),
    )
    activation: Literal["relu", "leaky_relu", "tanh", "sigmoid", "linear"] = Field(
        "relu",
        description="What each hidden unit does with its sum. relu is the usual choice. If a deep network hardly "
        "learns with sigmoid or tanh, take relu; if its units fall silent, leaky_relu.",
        json_schema_extra=shown("network", "Activation"),
    )
    loss: Literal["softmax_cross_entropy", "binary_cross_entropy", "quadratic", "mean_squared_error"] = Field(
        "softmax_cross_entropy",
        description="What the cost measures, as a mean over images: softmax_cross_entropy suits one class out of many; "
        "binary_cross_entropy sums over the outputs; quadratic is half the squared distance; mean_squared_error is the "
        "mean over the outputs of the squared differences. If a squared loss creeps though much is wrong, take a "
        "cross-entropy.",
        json_schema_extra=shown("network", "Loss"),
    )
    output_activation: Literal["sigmoid", "tanh", "linear"] = Field(
        "sigmoid",
        description="What each output unit does with its sum. The cross-entropies bring their own.",
        json_schema_extra=shown("network", "Output activation", when={"loss": ["quadratic", "mean_squared_error"]}),
    )
    initializer: Literal["he", "glorot", "normal", "uniform"] = Field(
        "he",
        description="How the first weights are drawn: he suits relu, glorot suits tanh and sigmoid. If the cost does "
        "not move from its first value, the weights may be too large or too small.",
        json_schema_extra=shown("network", "Initial weights"),
    )
    initializer_scale: Real = Field(
        1.0,
        gt=0,
        le=100,
        description="Standard deviation of normal weights, or half the width of uniform ones.",
        json_schema_extra=shown("network", "Initial scale", when={"initializer": ["normal", "uniform"]}, advanced=True),
    )
    bias_initializer: Literal["zeros", "normal"] = Field(
        "zeros",
        description="How the first biases are drawn: all zero, or from the standard normal distribution.",
        json_schema_extra=shown("network", "Initial biases", advanced=True),
    )
    dtype: Literal["float32", "float64"] = Field(
        "float32",
        description="Precision of every number in the network. float64 is slower and rarely learns better.",
        json_schema_extra=shown("network", "Precision", advanced=True),
    )

    optimizer: Literal["adam", "sgd", "rmsprop"] = Field(
        "adam",
        description="How a gradient becomes a step. sgd is the plain one. If the cost creeps whatever the learning "
        "rate, take adam or rmsprop, which find a step size for each weight.",
        json_schema_extra=shown("training", "Optimizer"),
    )
    learning_rate: Real = Field(
        0.003,
        gt=0,
        le=1e9,
        description="Length of each step. If the cost turns to NaN or jumps up and down, lower this; if it falls "
        "slowly and steadily, raise it.",
        json_schema_extra=shown("training", "Learning rate"),
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
        json_schema_extra=shown("training", "Schedule"),
    )
    final_learning_rate_fraction: Real = Field(
        0.01,
        ge=0,
        le=1,
        description="Share of the learning rate that is left in the last epoch.",
        json_schema_extra=shown("training", "Final share", when={"schedule": ["linear", "cosine"]}),
    )
    decay_rate: Real = Field(
        0.95,
        gt=0,
        le=1,
        description="What the learning rate is multiplied by at each decay.",
        json_schema_extra=shown("training", "Decay", when={"schedule": ["exponential", "step"]}),
    )
    decay_every: Integer = Field(
        10,
        ge=1,
        le=MAX_EPOCHS,
        description="Epochs between two decays.",
        json_schema_extra=shown("training", "Decay every", unit="epochs", when={"schedule": ["step"]}),
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

    l1: Real = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Adds l1 · Σ|w| to the cost, which draws the weights that matter little to zero. If the first "
        "layer's weights look like noise, raise this.",
        json_schema_extra=shown("regularization", "L1"),
    )
    l2: Real = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Adds l2 · ½Σw² to the cost, which keeps the weights small. If training accuracy is far above "
        "validation accuracy, raise this.",
        json_schema_extra=shown("regularization", "L2"),
    )
    dropout_rate: Real = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of each hidden layer's units that is switched off in each training step. If training "
        "accuracy is far above validation accuracy, raise this.",
        json_schema_extra=shown("regularization", "Dropout"),
    )
    early_stopping: bool = Field(
        False,
        description="End the run once the validation split has not improved for a while. Saves time where the "
        "validation cost rises again.",
        json_schema_extra=shown("regularization", "Early stopping"),
    )
    patience: Integer = Field(
        10,
        ge=1,
        le=MAX_EPOCHS,
        description="Epochs without a new best on the validation split before the run ends. If runs end too early, "
        "raise this.",
        json_schema_extra=shown("regularization", "Patience", unit="epochs", when={"early_stopping": [True]}),
    )

    @property
    def dataset_spec(self) -> DatasetSpec:
        """The facts of the chosen data set."""
        return CATALOG[self.dataset]

    @classmethod
    def parse(cls, values: object) -> Self:
        """Check `values`, field by field and then together.

        Raises HyperparameterError with a message for each field that cannot be used.
        """
        try:
            hyperparameters = cls.model_validate(values)
        except ValidationError as error:
            raise HyperparameterError(field_messages(error, cls.model_fields)) from None
        hyperparameters.check_together()
        return hyperparameters

    def check_together(self, train_size: int | None = None) -> None:
        """Raise HyperparameterError where values, each fine alone, do not fit each other or the data.

        `train_size` is the number of training images that were found, before a validation split; what the catalog
        says by default.
        """
        train_size = self.dataset_spec.train_size if train_size is None else train_size
        validation_size = round(train_size * self.validation_fraction)
        problems: dict[str, str] = {}
        if self.validation_fraction > 0 and validation_size < self.dataset_spec.n_classes:
            problems["validation_fraction"] = (
                f"must hold out at least one image of each class, not {validation_size} for "
                f"{self.dataset_spec.n_classes} classes; raise it or use 0"
            )
        if self.early_stopping and self.validation_fraction == 0:
            problems["validation_fraction"] = "must be greater than 0, since early stopping looks at that split"
        if self.batching == "mini_batch" and self.batch_size > train_size - validation_size:
            problems["batch_size"] = (
                f"must be at most {train_size - validation_size:,}, the number of training images; "
                "lower it or choose full_batch"
            )
        if self.nesterov and self.optimizer == "sgd" and self.momentum == 0:
            problems["nesterov"] = "needs a momentum greater than 0; raise the momentum or switch this off"
        if problems:
            raise HyperparameterError(problems)
