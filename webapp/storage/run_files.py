"""The files of one run, as its worker writes them and the server reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Which = Literal["last", "best"]


@dataclass(frozen=True, slots=True)
class RunFiles:
    """Where, in a run's folder, each of its files is."""

    folder: Path

    @property
    def predictions(self) -> Path:
        """The test set's predictions of every epoch (`PredictionHistory`)."""
        return self.folder / "predictions.bin"

    @property
    def sketch(self) -> Path:
        """What the network said, after every epoch, at the places of a table's sketch (`OutputHistory`)."""
        return self.folder / "sketch.bin"

    @property
    def weights(self) -> Path:
        """The parameters after the kept epochs of a run on images (`WeightsHistory`)."""
        return self.folder / "weights.bin"

    @property
    def train_rows(self) -> Path:
        """Which of the data set's stored training images a run learned from, as NumPy writes an array."""
        return self.folder / "train_rows.npy"

    @property
    def traces(self) -> Path:
        """The folder of what the influence of training images is computed from."""
        return self.folder / "traces"

    def changes(self, epoch: int) -> Path:
        """The size of the smallest change that would mend each mistake of an epoch, as far as that was looked for."""
        return self.folder / "changes" / f"{epoch}.npz"

    def checkpoint(self, which: Which) -> Path:
        """The state after the last epoch, or after the one that the validation split likes best."""
        return self.folder / ("checkpoint.npz" if which == "last" else "best.npz")
