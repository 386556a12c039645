"""Causes that a trial can show, even if no rule has found them."""

from __future__ import annotations

from nn.diagnosis.finding import Code

# The titles and explanations of causes that a change of hyperparameters can remove, in the order in which trials
# examine them: first unusual values of one hyperparameter, then values that are usual but may not fit.
CAUSES: dict[Code, tuple[str, str]] = {
    "input_scale": (
        "The inputs are not scaled",
        "Large inputs make large pre-activations and large gradients, so a learning rate that suits one weight is too "
        "high for another.",
    ),
    "target_scale": (
        "The targets are not scaled",
        "Targets far from 0 make large errors and large gradients, so the steps are too long.",
    ),
    "identical_units": (
        "The units of a layer start equal",
        "Units with equal weights get equal gradients, so they stay equal and act as one unit.",
    ),
    "summed_cost": (
        "The losses of a batch are added up",
        "The sum makes the gradient, and so each step, longer by a factor of the batch size.",
    ),
    "optimizer_constants": (
        "The constants of the optimizer do not suit this run",
        "They decide how the optimizer scales its steps; unusual values can make the steps too short or too long.",
    ),
    "learning_rate_decayed": (
        "The learning rate falls too fast",
        "The schedule makes the steps short before the network has learned.",
    ),
    "over_regularized": (
        "The regularization is too strong",
        "The penalty or the dropout keeps the network from fitting the training examples.",
    ),
    "sorted_batches": (
        "The batches do not mix the classes",
        "Each step fits the few classes of its batch and undoes a part of the earlier steps.",
    ),
    "vanishing_gradient": (
        "The gradient vanishes on its way to the first layers",
        "Each layer multiplies the gradient by the small derivative of its activation function, so the first layers "
        "hardly learn.",
    ),
    "saturated_squared_loss": (
        "A squared loss learns slowly from wrong outputs",
        "The gradient of a squared loss contains the derivative of the output activation, which is almost 0 where an "
        "output is wrong with certainty.",
    ),
    "initial_cost": (
        "The initial weights do not suit the network",
        "Weights that are too large saturate the units, and weights that are too small give almost the same output for "
        "every example.",
    ),
    "learning_rate_too_high": (
        "The learning rate is too high",
        "Each step overshoots the minimum along the steepest directions, so the cost jumps or increases.",
    ),
    "learning_rate_too_low": (
        "The learning rate is too low",
        "The steps are so short that the network hardly changes in these epochs.",
    ),
    "too_small": (
        "The network is too small",
        "It has too few units to represent the relation between inputs and targets.",
    ),
}
