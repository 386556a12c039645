"""Cost of telemetry: the time of training with the measurements inside the network, compared with training without.

`python tasks.py bench telemetry_cost [--pairs 20] [--presets NAME ...]`

Each pair consists of two runs of the same preset in this process, and their order alternates. Other programs disturb
the ratios of the processor time less than those of the elapsed time. The benchmark of the dashboard's overhead includes
the storage and the display of the telemetry.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.spread import Spread
from benchmarks.measuring.tables import markdown_table
from nn.datasets import Dataset, is_available, load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.trainer import train

MAXIMUM_RATIO = 1.03
PRESET_IDS = ("digits_quick", "deep_sigmoid", "mnist_modern", "nielsen_chapter_1", "defaults")
MAX_EPOCHS = 30
MAX_MNIST_EPOCHS = 5


def hyperparameters_of(preset: str) -> Hyperparameters:
    """Return the hyperparameters of a preset, or the default values, with a limited number of epochs."""
    h = Hyperparameters() if preset == "defaults" else PRESETS[preset].hyperparameters
    most = MAX_MNIST_EPOCHS if h.train_size > 10_000 else MAX_EPOCHS
    return h.model_copy(update={"epochs": min(h.epochs, most)})


def seconds_of_run(h: Hyperparameters, dataset: Dataset, *, telemetry: bool) -> tuple[float, float, int]:
    """Train, and return the elapsed seconds, the processor seconds and the number of moments."""
    n_moments = 0

    def count(event: TrainingEvent) -> None:
        nonlocal n_moments
        if isinstance(event, EpochCompleted):
            n_moments += len(event.telemetry)

    elapsed, processor = time.perf_counter(), time.process_time()
    train(h, dataset, on_event=count, telemetry=telemetry)
    return time.perf_counter() - elapsed, time.process_time() - processor, n_moments


def table(pairs: int = 20, presets: Sequence[str] = PRESET_IDS) -> str:
    """Measure `pairs` pairs of runs of each preset, and return a Markdown table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for preset in presets:
            h = hyperparameters_of(preset)
            if not is_available(h.dataset, DATASETS_DIR):
                rows.append([preset, "no data", "", "", ""])
                continue
            dataset = load_dataset(h.dataset, datasets_dir=DATASETS_DIR, cache_dir=Path(folder))
            _, _, n_moments = seconds_of_run(h, dataset, telemetry=True)
            seconds: dict[bool, list[tuple[float, float, int]]] = {True: [], False: []}
            for pair in range(pairs):
                for telemetry in (True, False) if pair % 2 else (False, True):
                    seconds[telemetry].append(seconds_of_run(h, dataset, telemetry=telemetry))
            elapsed, processor = (
                Spread.of_ratios([run[kind] for run in seconds[True]], [run[kind] for run in seconds[False]])
                for kind in (0, 1)
            )
            rows.append([preset, str(h.epochs), str(n_moments), f"{processor:.3f}", f"{elapsed:.3f}"])
    header = ["preset", "epochs", "moments", "processor time (quartiles)", "elapsed time (quartiles)"]
    return f"{markdown_table(header, rows)}\n\nThe ratios should be at most {MAXIMUM_RATIO}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--presets", nargs="+", default=PRESET_IDS, choices=[*PRESETS, "defaults"], metavar="NAME")
    options = parser.parse_args()
    print(table(options.pairs, options.presets))


if __name__ == "__main__":
    main()
