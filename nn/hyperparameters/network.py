"""Hyperparameters of the network and its loss."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nn.hyperparameters.data import DataFields
from nn.hyperparameters.fields import Real, Sizes, shown

SQUARED_LOSSES = ["quadratic", "squared_error", "mean_squared_error"]


class NetworkFields(DataFields):
    """The layers, their initialization, and the loss."""

    hidden_sizes: Sizes = Field(
        (64,),
        description="Number of units in each hidden layer, from input to output, such as 128, 64. Leave it empty for "
        "a perceptron. If both training and test accuracy stay low, add units.",
        json_schema_extra=shown("network", "Hidden layers", unit="units"),
    )
    activation: Literal["relu", "leaky_relu", "tanh", "sigmoid", "linear"] = Field(
        "relu",
        description="Activation function of the hidden units. relu is the usual choice. If a deep network hardly "
        "learns with sigmoid or tanh, use relu; if many relu units always output 0, use leaky_relu.",
        json_schema_extra=shown("network", "Activation"),
    )
    use_bias: bool = Field(
        True,
        description="Add a bias to each unit, which shifts its pre-activation. Without biases, every decision "
        "boundary passes through the point where all inputs are 0.",
        json_schema_extra=shown("network", "Biases", advanced=True),
    )
    loss: Literal[
        "softmax_cross_entropy", "binary_cross_entropy", "quadratic", "squared_error", "mean_squared_error"
    ] = Field(
        "softmax_cross_entropy",
        description="Loss of one example. softmax_cross_entropy suits several classes; binary_cross_entropy sums over "
        "the outputs; squared_error is the squared distance between outputs and targets, quadratic is half of it, and "
        "mean_squared_error is its mean over the outputs. If a squared loss decreases slowly while accuracy is low, "
        "use a cross-entropy.",
        json_schema_extra=shown("network", "Loss"),
    )
    reduction: Literal["mean", "sum"] = Field(
        "mean",
        description="How the losses of a batch become its cost: their mean or their sum. A sum multiplies the length "
        "of each step by the batch size, so lower the learning rate with it.",
        json_schema_extra=shown("network", "Loss reduction", advanced=True),
    )
    output_activation: Literal["sigmoid", "tanh", "linear"] = Field(
        "sigmoid",
        description="Activation function of the output units. The cross-entropies have their own.",
        json_schema_extra=shown("network", "Output activation", when={"loss": SQUARED_LOSSES}),
    )
    initializer: Literal["he", "glorot", "normal", "uniform", "constant"] = Field(
        "he",
        description="Distribution of the initial weights. he suits relu; glorot suits tanh and sigmoid; constant "
        "makes all weights equal. If the cost stays at its first value, the weights may be too large or too small.",
        json_schema_extra=shown("network", "Initial weights"),
    )
    initializer_scale: Real = Field(
        1.0,
        ge=0,
        le=100,
        description="Standard deviation of normal weights, half the width of the interval of uniform weights, or the "
        "value of constant weights. With 0, all weights start at 0, so the hidden units cannot become different.",
        json_schema_extra=shown(
            "network", "Initialization scale", when={"initializer": ["normal", "uniform", "constant"]}, advanced=True
        ),
    )
    bias_initializer: Literal["zeros", "normal", "constant"] = Field(
        "zeros",
        description="Initial biases: zeros; normal, with standard deviation 1; or constant, all equal to the "
        "initialization scale.",
        json_schema_extra=shown("network", "Initial biases", when={"use_bias": [True]}, advanced=True),
    )
    dtype: Literal["float32", "float64"] = Field(
        "float32",
        description="Floating-point precision of the network. float64 is slower and rarely learns better.",
        json_schema_extra=shown("network", "Precision", advanced=True),
    )
