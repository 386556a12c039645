"""A cache of the activations and deltas of all training images, with one file for each network.

The deltas are the derivatives of the loss with respect to the logits. Reading a file takes far less time than a forward
pass over all training images. A file stores each activation in two bytes. This precision is enough to rank images, but
not to compute exact values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO
from weakref import WeakKeyDictionary

import numpy as np

from nn.array_files import fill_buffer
from nn.array_types import Float32Array, Float64Array
from nn.atomic_write import replace_atomically
from nn.explanations.forward_pass import Float64Network
from nn.explanations.training_images import ROWS_PER_CHUNK, TrainingImages
from nn.model.activations import Activation
from nn.model.losses import encode
from nn.model.output_loss import OutputLoss

LARGEST_FILE = 64_000_000  # bytes
RECENT_BYTES = 80_000_000  # total size of the recently used files that remain, in addition to the files in use
LARGEST_CHUNK = 2_000_000  # numbers in one array
HIGHEST_LEVEL = 65_535
VERSION = b"traces 2"


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """The activations and deltas of the training images at consecutive `rows`. The next chunk overwrites the arrays.

    `hidden[k]` (n_images, n_units) are the activations of hidden layer k. `deltas` (n_images, n_outputs) are the
    derivatives of the loss with respect to the logits.
    """

    rows: slice
    hidden: list[Float32Array]
    deltas: Float32Array


class ActivationCache:
    """The activations and deltas of the training images in one or more networks.

    They are read from files in `folder`, or computed if a file is missing. `class_codes` (n_classes, n_outputs) are the
    target outputs of each class, and `loss` is the loss function.
    """

    def __init__(self, images: TrainingImages, loss: OutputLoss, class_codes: Float64Array, folder: Path) -> None:
        self._images = images
        self._loss = loss
        self._codes: Float32Array = class_codes.astype(np.float32)
        self._folder = folder
        self._content = blake2b(VERSION + loss.name.encode(), digest_size=16)
        for array in (self._codes, images.split.labels, images.split.stored_rows, images.offset, images.scale):
            self._content.update(np.ascontiguousarray(array).data)

    def chunks(self, network: Float64Network) -> Iterator[Chunk]:
        """Yield the activations and deltas of all training images in `network`, in stored order."""
        layout = _Layout(network, self._images)
        try:
            file = self._path(network).open("rb", buffering=0)
        except OSError:
            yield from self._compute(network, layout)
            return
        with file:
            is_complete = file.seek(0, 2) == layout.n_bytes
            file.seek(0)
            yield from layout.read(file) if is_complete else self._compute(network, layout)

    def prepare(self, network: Float64Network) -> Path:
        """Write the file of `network`, unless the file exists, would be too large, or cannot be written.

        Returns the path, even if no file was written.
        """
        path, layout = self._path(network), _Layout(network, self._images)
        with suppress(OSError):
            if path.is_file() and path.stat().st_size == layout.n_bytes:
                path.touch()
            elif layout.n_bytes <= LARGEST_FILE:
                with replace_atomically(path) as file:
                    for chunk in self._compute(network, layout):
                        file.write(layout.pack(chunk))
        return path

    def remove_old_files(self, in_use: Collection[Path]) -> None:
        """Remove the least recently used files, except the files `in_use`.

        The most recently used files remain, up to a total size of RECENT_BYTES.
        """
        with suppress(OSError):
            others = [(path, path.stat()) for path in self._folder.glob("*.trace") if path not in in_use]
            others.sort(key=lambda other: other[1].st_mtime, reverse=True)
            n_bytes = 0
            for path, status in others:
                n_bytes += status.st_size
                if n_bytes > RECENT_BYTES:
                    path.unlink()

    def _path(self, network: Float64Network) -> Path:
        """Return a path with a digest of all data that the file depends on, except the stored images."""
        content = self._content.copy()
        content.update(_parameter_digest(network))
        return self._folder / f"{content.hexdigest()}.trace"

    def _compute(self, network: Float64Network, layout: _Layout) -> Iterator[Chunk]:
        layers = self._merged_layers(network)
        outputs = [np.empty((layout.n_rows, len(biases)), np.float32) for _, biases, _ in layers]
        scratches = [np.empty_like(output) for output in outputs]
        for rows, values in self._images.chunks(layout.n_rows):
            n_images = len(values)
            activations: list[Float32Array] = []
            for (weights, biases, activation), output, scratch in zip(layers, outputs, scratches, strict=True):
                values = np.dot(values, weights, out=output[:n_images])
                np.add(values, biases, out=values)
                activation.forward(values, scratch[:n_images])
                activations.append(values)
            deltas = self._deltas(activations[-1], rows)
            yield Chunk(rows, activations[:-1], deltas)

    def _merged_layers(self, network: Float64Network) -> list[tuple[Float32Array, Float32Array, Activation]]:
        """Return the weights, biases and activation function of each layer.

        The weights and biases of the first layer include the input scaling.
        """
        images, first = self._images, network.layers[0]
        weights = [images.expand(images.scale[:, np.newaxis] * first.weights)]
        biases = [first.biases - (images.offset * images.scale) @ first.weights]
        weights += [layer.weights.astype(np.float32) for layer in network.layers[1:]]
        biases += [layer.biases for layer in network.layers[1:]]
        activations = [layer.activation for layer in network.layers]
        return [(w, b.astype(np.float32), a) for w, b, a in zip(weights, biases, activations, strict=True)]

    def _deltas(self, logits: Float32Array, rows: slice) -> Float32Array:
        targets, deltas = np.empty_like(logits), np.empty_like(logits)
        encode(self._images.split.labels[rows], self._codes, targets)
        self._loss.gradient(logits, targets, deltas)
        return deltas


class _Layout:
    """The layout of a file of `n_bytes`: chunks of `n_rows` images each. The last chunk is padded.

    A chunk begins with two numbers for each hidden layer: the lowest activation and the step between levels. The deltas
    follow, and then the level of each activation. An activation is approximately the lowest activation plus its level
    times the step.
    """

    def __init__(self, network: Float64Network, images: TrainingImages) -> None:
        units = [layer.weights.shape[1] for layer in network.layers]
        self.n_images = len(images)
        self.n_rows = min(ROWS_PER_CHUNK, max(LARGEST_CHUNK // max(images.width, *units), 1))
        self._units = units[:-1]
        record = np.dtype(
            [
                ("ranges", "<f4", (len(units), 2)),
                ("deltas", "<f4", (self.n_rows, units[-1])),
                *((f"levels_{layer}", "<u2", (self.n_rows, n_units)) for layer, n_units in enumerate(units[:-1])),
            ]
        )
        self._record = np.zeros(1, record)
        self.n_bytes = -(-self.n_images // self.n_rows) * record.itemsize

    def pack(self, chunk: Chunk) -> memoryview:
        """Return the bytes of `chunk` in a buffer that the next call overwrites."""
        (record,) = self._record
        record["deltas"][: len(chunk.deltas)] = chunk.deltas
        for layer, activations in enumerate(chunk.hidden):
            low, high = float(activations.min()), float(activations.max())
            step = (high - low) / HIGHEST_LEVEL
            record["ranges"][layer] = low, step
            levels = (activations - low) / (step or 1.0) if np.isfinite(step) else np.zeros_like(activations)
            np.ceil(levels, out=levels)  # rounds up, so that no positive activation of a ReLU becomes 0
            np.minimum(levels, HIGHEST_LEVEL, out=levels)
            np.copyto(record[f"levels_{layer}"][: len(levels)], levels, casting="unsafe")
        return self._record.view(np.uint8).data

    def read(self, file: BinaryIO) -> Iterator[Chunk]:
        """Yield all chunks of a complete file."""
        (record,) = self._record
        content = self._record.view(np.uint8).data
        hidden = [np.empty((self.n_rows, n_units), np.float32) for n_units in self._units]
        for start in range(0, self.n_images, self.n_rows):
            fill_buffer(file, content)
            count = min(self.n_rows, self.n_images - start)
            for layer, activations in enumerate(hidden):
                low, step = record["ranges"][layer]
                np.copyto(activations, record[f"levels_{layer}"])
                np.multiply(activations, step, out=activations)
                if low:
                    np.add(activations, low, out=activations)
            rows = slice(start, start + count)
            yield Chunk(rows, [activations[:count] for activations in hidden], record["deltas"][:count])


def _parameter_digest(network: Float64Network) -> bytes:
    """Return a digest of a network's parameters, cached for the lifetime of the network."""
    digest = _parameter_digests.get(network)
    if digest is None:
        content = blake2b()
        for layer in network.layers:
            content.update(type(layer.activation).__name__.encode())
            content.update(np.ascontiguousarray(layer.weights).data)
            content.update(np.ascontiguousarray(layer.biases).data)
        digest = _parameter_digests[network] = content.digest()
    return digest


_parameter_digests: WeakKeyDictionary[Float64Network, bytes] = WeakKeyDictionary()
