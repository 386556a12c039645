"""What each preset reaches: python tasks.py bench accuracy [PRESET ...] [--seeds 3]

Prints the test accuracy after the last epoch for each seed, and the figure that the preset's source gives. `defaults`
stands for the schema's. Presets whose data are not in MISFIT_DATASETS_DIR, or in ../shared/data beside the project, are
passed over.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from nn.datasets import is_available, load_dataset
from nn.hyperparameters import Hyperparameters
from nn.presets import PRESETS
from nn.training import train

ROOT = Path(__file__).resolve().parent.parent
DATASETS_DIR = Path(os.environ.get("MISFIT_DATASETS_DIR", ROOT.parent / "shared" / "data"))
SCHEMA_DEFAULTS = "defaults"


def final_accuracies(hyperparameters: Hyperparameters, seeds: int, cache_dir: Path) -> list[str]:
    """Train once with each seed."""
    dataset = load_dataset(hyperparameters.dataset, datasets_dir=DATASETS_DIR, cache_dir=cache_dir)
    accuracies = []
    for seed in range(seeds):
        chosen = hyperparameters.model_copy(update={"seed": seed})
        result = train(chosen, dataset, on_event=lambda _: None)
        accuracies.append(f"{result.history[-1].test_accuracy or 0:.2%} ({result.stop_reason})")
    return accuracies


def main() -> None:
    choices = {SCHEMA_DEFAULTS: Hyperparameters()} | {name: preset.hyperparameters for name, preset in PRESETS.items()}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*", metavar="PRESET", choices=[[], *choices], help=", ".join(choices))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as cache_dir:
        for name in options.presets or choices:
            if not is_available(choices[name].dataset, DATASETS_DIR):
                print(f"{name}: {choices[name].dataset} is not in {DATASETS_DIR}")
                continue
            print(f"{name}: {', '.join(final_accuracies(choices[name], options.seeds, Path(cache_dir)))}", flush=True)
            if name in PRESETS and PRESETS[name].published:
                print(f"    published: {PRESETS[name].published}")


if __name__ == "__main__":
    main()
