"""Location of the data sets, and the MNIST images."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from nn.datasets import Dataset, load_dataset

ROOT = Path(__file__).resolve().parent.parent.parent
DATASETS_DIR = Path(os.environ.get("MISFIT_DATASETS_DIR", ROOT.parent / "shared" / "data"))
MISSING = "MNIST is not on this machine. Set MISFIT_DATASETS_DIR to a folder that contains mnist/."


def load_mnist() -> Dataset:
    """Load MNIST as a run does: memory-mapped from cache files.

    The files are deleted, but their contents stay mapped.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as cache_dir:
        return load_dataset("mnist", datasets_dir=DATASETS_DIR, cache_dir=Path(cache_dir))
