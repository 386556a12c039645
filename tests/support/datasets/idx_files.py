"""Minimal IDX files, valid and damaged."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.atomic_write import replace_atomically

IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"


def idx(array: NDArray[Any]) -> bytes:
    """Return the uncompressed IDX file of `array`."""
    return header(*array.shape) + array.astype(np.uint8).tobytes()


def header(*shape: int, kind: int = 8) -> bytes:
    """Return the header of an IDX file."""
    return bytes((0, 0, kind, len(shape))) + struct.pack(f">{len(shape)}I", *shape)


def small_mnist_files(n_train: int = 30, n_test: int = 20, *, side: int = 28, seed: int = 0) -> dict[str, bytes]:
    """Return the four uncompressed files of a small MNIST or Fashion-MNIST: random images, and labels 0, …, 9, 0, …."""
    rng = np.random.default_rng(seed)
    files = {}
    for split, n_images in (("train", n_train), ("t10k", n_test)):
        files[f"{split}-{IMAGES}"] = idx(rng.integers(0, 256, (n_images, side, side)))
        files[f"{split}-{LABELS}"] = idx(np.arange(n_images) % 10)
    return files


def zip_files(files: dict[str, bytes]) -> dict[str, bytes]:
    """Compress the files without a time stamp, and add .gz to their names."""
    return {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in files.items()}


def write_files(folder: Path, files: dict[str, bytes], *, zipped: bool = True) -> None:
    """Write the files to a folder. If `zipped`, compress them and add .gz to their names.

    A server that reads an existing file meanwhile gets the whole old file or the whole new one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with replace_atomically(folder / (f"{name}.gz" if zipped else name)) as file:
            file.write(gzip.compress(content) if zipped else content)
