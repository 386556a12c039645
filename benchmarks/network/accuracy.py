"""Test accuracy of each preset: python tasks.py bench accuracy [PRESET ...] [--seeds 3]

The table lists the test accuracy after the last epoch for each seed, and the result that the preset's source published.
`defaults` is a run with the default hyperparameters. The benchmark skips presets whose data set is not in the folder
MISFIT_DATASETS_DIR (by default ../shared/data).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.tables import markdown_table
from nn.datasets import is_available, load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.training.trainer import train

SCHEMA_DEFAULTS = "defaults"
CHOICES = {SCHEMA_DEFAULTS: Hyperparameters()} | {name: preset.hyperparameters for name, preset in PRESETS.items()}


def final_accuracies(hyperparameters: Hyperparameters, seeds: int, cache_dir: Path) -> list[str]:
    """Train once with each seed, and return for each seed a text with the test accuracy and the stop reason."""
    dataset = load_dataset(hyperparameters.dataset, datasets_dir=DATASETS_DIR, cache_dir=cache_dir)
    accuracies = []
    for seed in range(seeds):
        chosen = hyperparameters.model_copy(update={"seed": seed})
        result = train(chosen, dataset, on_event=lambda _: None)
        accuracy = result.history[-1].test_accuracy
        accuracies.append(f"{'no test set' if accuracy is None else f'{accuracy:.2%}'} ({result.stop_reason})")
    return accuracies


def table(presets: Sequence[str] = tuple(CHOICES), seeds: int = 3) -> str:
    """Train all `presets` with each seed, and return a Markdown table."""
    rows = []
    with TemporaryDirectory() as cache_dir:
        for name in presets:
            if is_available(CHOICES[name].dataset, DATASETS_DIR):
                accuracies = ", ".join(final_accuracies(CHOICES[name], seeds, Path(cache_dir)))
            else:
                accuracies = f"{CHOICES[name].dataset} is not on this machine"
            rows.append([name, accuracies, (PRESETS[name].published or "") if name in PRESETS else ""])
    return markdown_table(["preset", "test accuracy with each seed", "published"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*", metavar="PRESET", choices=[[], *CHOICES], help=", ".join(CHOICES))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print(table(options.presets or tuple(CHOICES), options.seeds))


if __name__ == "__main__":
    main()
