"""Eight published systems: the published results, the checked results, and Misfit's results.

    python tasks.py bench systems [--seeds 3]

The benchmark trains each preset once with each seed, or only once if nothing in it is random. "Published" is the result
that the source reports. "Checked" is the value that an exact re-implementation reaches. The cost of an epoch is the
mean cost of its batches, each measured before its own step.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.measuring.mnist import DATASETS_DIR
from nn.array_types import FloatArray
from nn.datasets import load_dataset
from nn.presets.catalog import PRESETS
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.trainer import TrainingResult, train


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a run and, if its data set is a table, the final outputs for the training examples."""

    result: TrainingResult
    outputs: FloatArray | None

    def cost(self, epoch: int) -> float:
        return self.result.history[epoch - 1].train_cost or 0.0

    def train_accuracy(self, epoch: int) -> float:
        return self.result.history[epoch - 1].train_accuracy or 0.0

    def test_accuracy(self, epoch: int) -> float:
        return self.result.history[epoch - 1].test_accuracy or 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """Preset with changed hyperparameters, and the function that formats its outcome for the table."""

    system: str
    preset: str
    published: str
    checked: str
    format_outcome: Callable[[Outcome], str]
    changes: dict[str, Any]
    is_random: bool = True


def case(
    system: str, preset: str, published: str, checked: str, format_outcome: Callable[[Outcome], str], **changes: Any
) -> Case:
    return Case(system, preset, published, checked, format_outcome, changes, is_random=not preset.startswith("squares"))


CASES = (
    case(
        "1a 784-16-16-10, full batch, 100 steps",
        "pitt_whole_batch",
        "11.35%",
        "",
        lambda run: f"{run.test_accuracy(100):.2%}",
    ),
    case(
        "1b 784-128-10, learning rate 1: cost in round 1; test after 20 and 100 rounds",
        "pitt_batches",
        "0.4452; 89.09%; 94.17%",
        "0.4453; 91%",
        lambda run: f"{run.cost(1):.4f}; {run.test_accuracy(20):.2%}; {run.test_accuracy(100):.2%}",
    ),
    case(
        "1c the same, ReLU with a linearly falling learning rate: cost and test after 20 rounds",
        "pitt_batches",
        "0.0724; 92.46%",
        "",
        lambda run: f"{run.cost(20):.4f}; {run.test_accuracy(20):.2%}",
        activation="relu",
        initializer="he",
        bias_initializer="zeros",
        schedule="linear",
        epochs=20,
    ),
    case(
        "2 OR gate without a bias: outputs for (0,0), (0,1), (1,0), (1,1)",
        "or_gate_perceptron",
        "",
        "(0,0) stays at 0.5",
        lambda run: format_outputs(run.outputs),
    ),
    case(
        "2 OR gate with a bias, 500 steps",
        "or_gate_perceptron",
        "",
        "all four correct",
        lambda run: format_outputs(run.outputs),
        use_bias=True,
        epochs=500,
    ),
    case(
        "3 CS231n on MNIST: cost in epoch 1 and 10, test",
        "cs231n_two_layer",
        "",
        "",
        lambda run: f"{run.cost(1):.3f}; {run.cost(10):.3f}; {run.test_accuracy(10):.2%}",
    ),
    case(
        "4a squares, unscaled: cost before steps 0, 10, 20",
        "squares_unscaled",
        "25.45; 2.104e11; 1.782e21",
        "the same",
        lambda run: f"{run.cost(1):.4g}; {run.cost(11):.4g}; {run.cost(21):.4g}",
    ),
    case(
        "4b squares, standardized: cost before steps 0, 10, 20",
        "squares_standardized",
        "0.2575580; 0.0799487; 0.0283290",
        "the same, with learning rate 0.03",
        lambda run: f"{run.cost(1):.7f}; {run.cost(11):.7f}; {run.cost(21):.7f}",
    ),
    case(
        "5 exercise 5: cost before iteration 1, after 20, after 50 (training accuracy)",
        "exercise_5",
        "stalls at 15.4412",
        "6.79; 0.67 (91.5%); 0.37 (97.5%)",
        lambda run: (
            f"{run.cost(1):.2f}; {run.cost(21):.2f} ({run.train_accuracy(21):.1%}); "
            f"{run.cost(51):.2f} ({run.train_accuracy(51):.1%})"
        ),
    ),
    case(
        "5 the same with L-BFGS",
        "exercise_5",
        "",
        "",
        lambda run: (
            f"{run.cost(1):.2f}; {run.cost(21):.2f} ({run.train_accuracy(21):.1%}); "
            f"{run.cost(51):.2f} ({run.train_accuracy(51):.1%})"
        ),
        optimizer="lbfgs",
    ),
    case(
        "6 two-layer regression: cost before steps 0, 100, 500",
        "two_layer_regression",
        "",
        "2.6e7; about 9e2; 7e-5",
        lambda run: f"{run.cost(1):.1e}; {run.cost(101):.1e}; {run.cost(501):.1e}",
    ),
    case(
        "7 Nielsen 784-30-10: test after 30 epochs, best",
        "nielsen_chapter_1",
        "about 95%",
        "94.7%, best 95.2%",
        lambda run: f"{run.test_accuracy(30):.2%}, best {max(run.test_accuracy(epoch + 1) for epoch in range(30)):.2%}",
    ),
    case(
        "8 digits notebook, divided by 16: last 359 images",
        "digits_notebook",
        "",
        "83–92%",
        lambda run: f"{run.test_accuracy(20):.1%}",
    ),
    case(
        "8 the same with raw pixels 0…16",
        "digits_notebook",
        "",
        "77–89%",
        lambda run: f"{run.test_accuracy(20):.1%}",
        input_scaling="none",
    ),
)


def table(seeds: int = 3) -> str:
    """Train all systems, and return a Markdown table of the published results, the checked results and Misfit's."""
    rows = [f"| system | published | checked | Misfit, seeds 0–{seeds - 1} |", "|---|---|---|---|"]
    with TemporaryDirectory() as cache_dir:
        for each in CASES:
            used_seeds = range(seeds if each.is_random else 1)
            ours = [each.format_outcome(train_case(each, seed, Path(cache_dir))) for seed in used_seeds]
            rows.append(f"| {each.system} | {each.published or '–'} | {each.checked or '–'} | {' / '.join(ours)} |")
    return "\n".join(rows)


def train_case(chosen: Case, seed: int, cache_dir: Path) -> Outcome:
    """Train a preset once, and return its outcome."""
    h = PRESETS[chosen.preset].hyperparameters.model_copy(update={**chosen.changes, "seed": seed})
    dataset = load_dataset(h.dataset, datasets_dir=DATASETS_DIR, cache_dir=cache_dir)
    last_outputs: list[FloatArray] = []

    def store_outputs(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted) and event.grid_outputs is not None and dataset.output_grid is not None:
            last_outputs[:] = [event.grid_outputs[dataset.output_grid.n_drawn :].copy()]

    result = train(h, dataset, on_event=store_outputs)
    return Outcome(result, last_outputs[0] if last_outputs else None)


def format_outputs(outputs: FloatArray | None) -> str:
    return ", ".join(f"{output:.3f}" for output in np.ravel([] if outputs is None else outputs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    print(table(parser.parse_args().seeds))


if __name__ == "__main__":
    main()
