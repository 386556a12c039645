"""Comparison of fifty training steps with PyTorch: python tasks.py bench trajectories

Misfit and PyTorch start from the same weights and train on the same mini-batches in float64. PyTorch computes the
gradients with its autograd, the steps with `torch.optim` and the learning rates with `torch.optim.lr_scheduler`. Each
cell contains the largest relative difference of all weights, biases and costs over all steps. The exit code is 1 if a
difference exceeds 1e-10.

PyTorch 2.13 uses the same definitions as Misfit: RMSProp and Adam add ε to the square root, and the momentum velocity
does not include the learning rate. PyTorch's `weight_decay` is the L2 penalty; this benchmark applies it to weights,
but not to biases. PyTorch has no L1 penalty, so autograd differentiates |w|. PyTorch's dropout draws from its own
random generator, so this benchmark multiplies the activations by the masks that Misfit draws.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from torch.optim import SGD, Adam, RMSprop
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, ExponentialLR, LinearLR, StepLR

from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS as HIDDEN_ACTIVATIONS
from nn.model.losses import LOSSES
from nn.model.network import Network
from nn.training.optimizers import make_optimizer
from nn.training.schedules import learning_rate

TOLERANCE = 1e-10
EPOCHS, BATCHES, BATCH = 10, 5, 6
STEPS = EPOCHS * BATCHES
N_FEATURES, N_OUTPUTS = 5, 3

Array = NDArray[np.float64]
Choices = dict[str, dict[str, Any]]

ACTIVATIONS: Choices = {name: {"activation": name} for name in HIDDEN_ACTIVATIONS}
CROSS_ENTROPIES: Choices = {name: {"loss": name} for name in LOSSES if LOSSES[name].expects_logits}
SQUARED_LOSSES: Choices = {
    f"{name}, {output}": {"loss": name, "output_activation": output}
    | ({"learning_rate": 0.025} if name == "squared_error" else {})  # twice the gradient of "quadratic"
    for name, output in product([name for name in LOSSES if name not in CROSS_ENTROPIES], ["sigmoid", "tanh", "linear"])
}
OPTIMIZERS: Choices = {
    "sgd": {"optimizer": "sgd", "learning_rate": 0.1},
    "momentum": {"optimizer": "sgd", "momentum": 0.8, "learning_rate": 0.05},
    "nesterov": {"optimizer": "sgd", "momentum": 0.8, "nesterov": True, "learning_rate": 0.05},
    "rmsprop": {"optimizer": "rmsprop", "rho": 0.95, "epsilon": 1e-4, "learning_rate": 0.01},
    "adam": {"optimizer": "adam", "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-4, "learning_rate": 0.01},
}
SCHEDULES: Choices = {
    "constant": {},
    "linear": {"schedule": "linear", "final_learning_rate_fraction": 0.2},
    "exponential": {"schedule": "exponential", "decay_rate": 0.8},
    "step": {"schedule": "step", "decay_rate": 0.5, "decay_every": 3},
    "cosine": {"schedule": "cosine", "final_learning_rate_fraction": 0.1},
}
REGULARIZERS: Choices = {
    "L1": {"l1": 0.01},
    "L2": {"l2": 0.1},
    "dropout": {"dropout_rate": 0.4},
    "L1, L2 and dropout": {"l1": 0.01, "l2": 0.1, "dropout_rate": 0.2},
}
OTHERS: Choices = {"no biases": {"use_bias": False}, "summed cost": {"reduction": "sum", "learning_rate": 0.01}}
# Rows and columns of each table. Each cell is one training with the hyperparameters of its row and column.
TABLES: dict[str, tuple[Choices, Choices]] = {
    "Loss and output activation, by activation of the hidden layers": (CROSS_ENTROPIES | SQUARED_LOSSES, ACTIVATIONS),
    "Optimizer, by schedule": (OPTIMIZERS, SCHEDULES),
    "Regularizers and other hyperparameters, by optimizer": (REGULARIZERS | OTHERS, OPTIMIZERS),
}


class Peer:
    """PyTorch network that starts with a Misfit network's weights, and the optimizer and scheduler that train it."""

    def __init__(self, h: Hyperparameters, network: Network, dropout_rng: np.random.Generator) -> None:
        self._h = h
        self._dropout_rng = dropout_rng
        self.layers = []
        for layer in network.layers:
            linear = torch.nn.Linear(*layer.weights.shape, bias=layer.biases.size > 0, dtype=torch.float64)
            linear.weight.data.copy_(torch.from_numpy(layer.weights.T))
            if layer.biases.size:
                linear.bias.data.copy_(torch.from_numpy(layer.biases))
            self.layers.append(linear)
        weights = {"params": [layer.weight for layer in self.layers], "weight_decay": h.l2}
        biases = {"params": [layer.bias for layer in self.layers if layer.bias is not None], "weight_decay": 0.0}
        self._optimizer = optimizer_of(h, [weights, biases])
        self._scheduler = scheduler_of(h, self._optimizer)

    def step(self, inputs: Array, targets: Array) -> float:
        """Train on a mini-batch, and return its cost before the step, including the penalty."""
        self._optimizer.zero_grad()
        cost = loss_of(self._h)(self._forward(torch.from_numpy(inputs)), torch.from_numpy(targets))
        cost = cost + self._h.l1 * sum(layer.weight.abs().sum() for layer in self.layers)
        cost.backward()
        squares = sum(layer.weight.detach().square().sum() for layer in self.layers)
        self._optimizer.step()
        return float(cost.detach() + self._h.l2 / 2 * squares)

    def end_epoch(self) -> None:
        """Update the learning rate."""
        self._scheduler.step()

    def _forward(self, outputs: torch.Tensor) -> torch.Tensor:
        h, last = self._h, self.layers[-1]
        for layer in self.layers[:-1]:
            outputs = activation_of(h.activation)(layer(outputs))
            if h.dropout_rate:
                is_kept = self._dropout_rng.random(tuple(outputs.shape)) >= h.dropout_rate
                outputs = outputs * torch.from_numpy(is_kept / (1 - h.dropout_rate))
        return last(outputs) if LOSSES[h.loss].expects_logits else activation_of(h.output_activation)(last(outputs))


def activation_of(name: str) -> Callable[[torch.Tensor], torch.Tensor]:
    return torch.nn.Identity() if name == "linear" else getattr(functional, name)  # type: ignore[no-any-return]


def loss_of(h: Hyperparameters) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Return a function of outputs and targets that returns the cost of a mini-batch without the penalty."""
    divisor = 1 if h.reduction == "sum" else BATCH
    match h.loss:
        case "softmax_cross_entropy":
            return lambda z, y: functional.cross_entropy(z, y, reduction="sum") / divisor
        case "binary_cross_entropy":
            return lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="sum") / divisor
        case _:
            factor = {"quadratic": 0.5, "squared_error": 1.0, "mean_squared_error": 1 / N_OUTPUTS}[h.loss]
            return lambda a, y: factor * functional.mse_loss(a, y, reduction="sum") / divisor


def optimizer_of(h: Hyperparameters, parameters: list[dict[str, Any]]) -> torch.optim.Optimizer:
    match h.optimizer:
        case "rmsprop":
            return RMSprop(parameters, lr=h.learning_rate, alpha=h.rho, eps=h.epsilon)
        case "adam":
            return Adam(parameters, lr=h.learning_rate, betas=(h.beta_1, h.beta_2), eps=h.epsilon)
        case _:
            return SGD(parameters, lr=h.learning_rate, momentum=h.momentum, nesterov=h.nesterov)


def scheduler_of(h: Hyperparameters, optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LRScheduler:
    match h.schedule:
        case "linear":
            return LinearLR(optimizer, 1.0, h.final_learning_rate_fraction, total_iters=EPOCHS - 1)
        case "cosine":
            last = h.learning_rate * h.final_learning_rate_fraction
            return CosineAnnealingLR(optimizer, T_max=EPOCHS - 1, eta_min=last)
        case "exponential":
            return ExponentialLR(optimizer, h.decay_rate)
        case "step":
            return StepLR(optimizer, h.decay_every, h.decay_rate)
        case _:
            return ConstantLR(optimizer, factor=1.0)


def largest_difference(chosen: dict[str, Any]) -> float:
    """Train both networks, and return the largest relative difference of all costs and parameters over all steps.

    A difference is divided by PyTorch's value. Where this value is less than 1/1000 of the largest value in its array,
    the difference is divided by 1/1000 of that largest value instead.
    """
    common: dict[str, Any] = {"hidden_sizes": (6, 4), "dtype": "float64", "epochs": EPOCHS, "activation": "tanh"}
    common |= {"initializer": "glorot", "bias_initializer": "normal", **OPTIMIZERS["momentum"]}
    h = Hyperparameters(**(common | chosen))
    network = Network.from_hyperparameters(
        h, N_FEATURES, N_OUTPUTS, np.random.default_rng(1), dropout_rng=np.random.default_rng(2)
    )
    optimizer = make_optimizer(h, network.parameters, network.gradient)
    peer = Peer(h, network, np.random.default_rng(2))
    rng, differences = np.random.default_rng(3), []
    for epoch in range(1, EPOCHS + 1):
        for _ in range(BATCHES):
            inputs, targets = rng.standard_normal((BATCH, N_FEATURES)), rng.random((BATCH, N_OUTPUTS))
            if LOSSES[h.loss].expects_logits:
                targets = np.eye(N_OUTPUTS)[targets.argmax(axis=1)]
            losses = network.loss.values(network.forward(inputs), targets)
            cost = losses.sum() if h.reduction == "sum" else losses.mean()
            cost += network.penalty()
            network.backward(targets)
            optimizer.step(learning_rate(h, epoch))
            pairs = [(np.array(cost), np.array(peer.step(inputs, targets)))]
            for ours, theirs in zip(network.layers, peer.layers, strict=True):
                pairs.append((ours.weights, theirs.weight.detach().numpy().T))
                if ours.biases.size:
                    pairs.append((ours.biases, theirs.bias.detach().numpy()))
            for actual, expected in pairs:
                scale = np.maximum(np.abs(expected), 1e-3 * np.abs(expected).max())
                differences.append((np.abs(actual - expected) / scale).max())
        peer.end_epoch()
    return float(np.max(differences))  # NaN if any difference is NaN


def table() -> str:
    """Measure all cases, and return Markdown tables with the largest difference in each case."""
    return as_markdown(measure())


def measure() -> dict[str, dict[tuple[str, str], float]]:
    """Return, for each cell of TABLES, the largest difference between Misfit and PyTorch."""
    torch.set_num_threads(1)  # with such small matrices, more threads are slower
    return {
        title: {
            (row, column): largest_difference(columns[column] | rows[row]) for row, column in product(rows, columns)
        }
        for title, (rows, columns) in TABLES.items()
    }


def as_markdown(measured: dict[str, dict[tuple[str, str], float]]) -> str:
    tables = []
    for title, (rows, columns) in TABLES.items():
        lines = [[f"{title} ({STEPS} steps)", *columns], ["---", *["---:"] * len(columns)]]
        lines += [[row, *(f"{measured[title][row, column]:.0e}" for column in columns)] for row in rows]
        tables.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
    return "\n\n".join(tables)


def main() -> int:
    measured = measure()
    print(as_markdown(measured))
    largest = np.max([difference for cells in measured.values() for difference in cells.values()])
    print(f"\nPyTorch {torch.__version__}: largest difference {largest:.1e}, tolerance {TOLERANCE:.0e}")
    return 0 if largest <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
