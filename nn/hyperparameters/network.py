"""What can be chosen about the network and what it is to minimize."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nn.hyperparameters.data import DataHyperparameters
from nn.hyperparameters.fields import Real, Sizes, shown

SQUARED_LOSSES = ["quadratic", "squared_error", "mean_squared_error"]


class NetworkHyperparameters(DataHyperparameters):
    """The network, after the data."""

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
    use_bias: bool = Field(
        True,
        description="Give each unit a bias, which shifts its sum. Without it every boundary goes through the point "
        "where all inputs are 0.",
        json_schema_extra=shown("network", "Biases", advanced=True),
    )
    loss: Literal[
        "softmax_cross_entropy", "binary_cross_entropy", "quadratic", "squared_error", "mean_squared_error"
    ] = Field(
        "softmax_cross_entropy",
        description="What the cost measures for one example: softmax_cross_entropy suits one class out of many; "
        "binary_cross_entropy sums over the outputs; squared_error is the squared distance, quadratic half of it, "
        "mean_squared_error its mean over the outputs. If a squared loss creeps though much is wrong, take a "
        "cross-entropy.",
        json_schema_extra=shown("network", "Loss"),
    )
    reduction: Literal["mean", "sum"] = Field(
        "mean",
        description="Whether the cost of a batch is the mean or the sum of its losses. A sum makes steps as many times "
        "longer as there are examples in a batch: lower the learning rate with it.",
        json_schema_extra=shown("network", "Cost of a batch", advanced=True),
    )
    output_activation: Literal["sigmoid", "tanh", "linear"] = Field(
        "sigmoid",
        description="What each output unit does with its sum. The cross-entropies bring their own.",
        json_schema_extra=shown("network", "Output activation", when={"loss": SQUARED_LOSSES}),
    )
    initializer: Literal["he", "glorot", "normal", "uniform", "constant"] = Field(
        "he",
        description="How the first weights are drawn: he suits relu, glorot suits tanh and sigmoid; constant makes "
        "them all the same. If the cost does not move from its first value, the weights may be too large or too small.",
        json_schema_extra=shown("network", "Initial weights"),
    )
    initializer_scale: Real = Field(
        1.0,
        gt=0,
        le=100,
        description="Standard deviation of normal weights, half the width of uniform ones, the value of constant ones.",
        json_schema_extra=shown(
            "network", "Initial scale", when={"initializer": ["normal", "uniform", "constant"]}, advanced=True
        ),
    )
    bias_initializer: Literal["zeros", "normal", "constant"] = Field(
        "zeros",
        description="How the first biases are drawn: all zero, from the standard normal distribution, or all the "
        "initial scale.",
        json_schema_extra=shown("network", "Initial biases", when={"use_bias": [True]}, advanced=True),
    )
    dtype: Literal["float32", "float64"] = Field(
        "float32",
        description="Precision of every number in the network. float64 is slower and rarely learns better.",
        json_schema_extra=shown("network", "Precision", advanced=True),
    )
