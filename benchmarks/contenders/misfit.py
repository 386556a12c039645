"""Misfit's training loop, `nn.training.trainer.train`, which its workers call."""

from __future__ import annotations

from benchmarks.contenders.turns import parse_arguments, report_values, wait_for_turn
from benchmarks.contenders.workloads import Workload
from benchmarks.measuring.mnist import load_mnist
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.trainer import train


def hyperparameters_of(workload: Workload) -> Hyperparameters:
    """Return the hyperparameters that correspond to a workload."""
    unit_values = (
        {"activation": "sigmoid", "loss": "quadratic", "initializer": "normal", "bias_initializer": "normal"}
        if workload.units == "sigmoid"
        else {"activation": "relu", "loss": "softmax_cross_entropy", "initializer": "he"}
    )
    return Hyperparameters.parse(
        {
            "dataset": "mnist",
            "validation_fraction": 0,
            "hidden_sizes": workload.hidden_sizes,
            "batch_size": workload.batch_size,
            "optimizer": workload.optimizer,
            "learning_rate": workload.learning_rate,
            "epochs": 1000,  # more than the benchmark requests
            **unit_values,
        }
    )


def main() -> None:
    dataset = load_mnist()

    def on_event(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            result = event.result
            report_values(seconds=len(dataset.train) / result.images_per_second, accuracy=result.test_accuracy or 0.0)
            wait_for_turn()

    report_values(compile_seconds=0.0)
    wait_for_turn()
    train(hyperparameters_of(parse_arguments()[0]), dataset, on_event=on_event)


if __name__ == "__main__":
    main()
