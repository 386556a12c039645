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
        """What the network said, after every epoch, at the places of a table's sketch (`SketchHistory`)."""
        return self.folder / "sketch.bin"

    def checkpoint(self, which: Which) -> Path:
        """The state after the last epoch, or after the one that the validation split likes best."""
        return self.folder / ("checkpoint.npz" if which == "last" else "best.npz")
