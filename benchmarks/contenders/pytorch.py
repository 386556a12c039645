"""PyTorch in eager mode on the CPU, with the images in memory and a minimal training loop."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

from benchmarks.contenders.turns import parse_arguments, take_turns
from benchmarks.contenders.workloads import BETA_1, BETA_2, EPSILON, N_CLASSES, Images, Workload


class PyTorch:
    """PyTorch network with the fastest variant of its optimizer: the default SGD or fused Adam."""

    def __init__(self, workload: Workload, images: Images) -> None:
        torch.manual_seed(0)
        self._images = images
        self._inputs = torch.from_numpy(images.train)
        self._batch_size = workload.batch_size
        quadratic = workload.units == "sigmoid"
        layers: list[nn.Module] = []
        for fan_in, fan_out in pairwise(workload.sizes):
            layers += [nn.Linear(fan_in, fan_out), nn.Sigmoid() if quadratic else nn.ReLU()]
        self._model = nn.Sequential(*(layers if quadratic else layers[:-1]))
        with torch.no_grad():
            for layer, (weights, biases) in zip(layers[::2], workload.first_layers(), strict=True):
                layer.weight.copy_(torch.from_numpy(weights).T)
                layer.bias.copy_(torch.from_numpy(biases))
        labels = torch.from_numpy(images.train_labels)
        self._targets = functional.one_hot(labels, N_CLASSES).float() if quadratic else labels
        self._loss = half_squared_distance if quadratic else functional.cross_entropy
        parameters, rate = self._model.parameters(), workload.learning_rate
        if workload.optimizer == "adam":
            self._optimizer = torch.optim.Adam(parameters, rate, (BETA_1, BETA_2), EPSILON, fused=True)
        else:
            self._optimizer = torch.optim.SGD(parameters, rate)

    def epoch(self) -> None:
        """Train once on each image, in a new random order."""
        model, loss, optimizer, inputs, targets = self._model, self._loss, self._optimizer, self._inputs, self._targets
        for rows in torch.randperm(len(inputs)).split(self._batch_size):
            optimizer.zero_grad()
            loss(model(inputs.index_select(0, rows)), targets.index_select(0, rows)).backward()
            optimizer.step()

    def accuracy(self) -> float:
        """Return the accuracy on the test images."""
        with torch.inference_mode():
            return self._images.accuracy(self._model(torch.from_numpy(self._images.test)).numpy())


def half_squared_distance(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return half the squared distance, summed over the outputs and averaged over the images."""
    return functional.mse_loss(outputs, targets, reduction="sum") * (0.5 / len(outputs))


def main() -> None:
    workload, n_threads = parse_arguments()
    torch.set_num_threads(n_threads)
    model = PyTorch(workload, Images.load())
    take_turns(model.epoch, model.accuracy)


if __name__ == "__main__":
    main()
