"""The paths of a run's files.

The worker writes these files, and the server reads them. No other module composes the paths.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Which = Literal["last", "best"]
WHICH: tuple[Which, ...] = ("last", "best")


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The files in the folder of one run."""

    folder: Path

    @classmethod
    def of_run(cls, runs_dir: Path, run_id: int) -> RunFiles:
        """Return the files of run `run_id`. `runs_dir` is the folder of all runs."""
        return cls(runs_dir / str(run_id))

    @staticmethod
    def last_run_id(runs_dir: Path) -> int:
        """Return the largest id of a run with files in `runs_dir`, or 0."""
        names = [path.name for path in runs_dir.iterdir()] if runs_dir.is_dir() else []
        return max((int(name) for name in names if re.fullmatch("[1-9][0-9]{0,8}", name)), default=0)

    def delete(self) -> None:
        """Delete the folder with all files, or a file in place of the folder. Raises OSError."""
        if self.folder.is_symlink() or not self.folder.is_dir():
            self.folder.unlink(missing_ok=True)
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.exists():  # a thread may have added a file meanwhile
            shutil.rmtree(self.folder)

    @property
    def predictions(self) -> Path:
        """The predictions for the test images after each epoch (`PredictionHistory`)."""
        return self.folder / "predictions.bin"

    @property
    def outputs(self) -> Path:
        """The outputs at the points of the output grid after each epoch (`OutputHistory`)."""
        return self.folder / "sketch.bin"

    @property
    def weights(self) -> Path:
        """The parameters of a run on images, after each epoch or after every few epochs (`WeightsHistory`)."""
        return self.folder / "weights.bin"

    @property
    def telemetry(self) -> Path:
        """The measurements inside the network at some moments of the run (`TelemetryHistory`)."""
        return self.folder / "telemetry.jsonl"

    @property
    def trials(self) -> Path:
        """The trials of the run, as JSON."""
        return self.folder / "trials.json"

    @property
    def train_rows(self) -> Path:
        """The indices of the run's training images among all stored images, as a NumPy file."""
        return self.folder / "train_rows.npy"

    @property
    def activations(self) -> Path:
        """The folder of activations that are cached to compute training influence."""
        return self.folder / "traces"

    def counterfactual_sizes(self, epoch: int) -> Path:
        """Return the path of the counterfactual sizes of one epoch."""
        return self.folder / "changes" / f"{epoch}.npz"

    def count_counterfactual_sizes(self) -> int:
        """Return the number of epochs whose counterfactual sizes are stored."""
        return len(list((self.folder / "changes").glob("*.npz")))

    def checkpoint(self, which: Which) -> Path:
        """Return the path of the checkpoint of the last epoch or of the best epoch."""
        return self.folder / ("checkpoint.npz" if which == "last" else "best.npz")
