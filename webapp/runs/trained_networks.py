"""Trained networks, which are loaded from the weights history or a checkpoint of a run."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import probabilities_of
from nn.array_files import read_array
from nn.array_types import Float64Array, FloatArray
from nn.datasets.dataset import Dataset
from nn.datasets.scaling import Scaling
from nn.datasets.subset import crop_images
from nn.errors import PredictionsError, ShapeError
from nn.explanations.counterfactual import PixelScaling
from nn.explanations.forward_pass import Float64Network
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.model.output_loss import OutputLoss
from nn.storage.checkpoint import load_checkpoint, read_checkpoint_epoch
from nn.storage.weights_history import WeightsHistory, find_nearest_epoch
from webapp.cache import ByteCache
from webapp.errors import ConflictError, NotFoundError
from webapp.storage.run_files import WHICH, RunFiles, Which
from webapp.storage.run_record import RunRecord

LARGEST_NETWORK = 8_000_000  # parameters; in double precision, they take 64 MB
NETWORK_CACHE_BYTES = 8_000_000  # a network for MNIST takes 1 or 2 MB and loads in a millisecond
SCALING_CACHE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class TrainedNetwork:
    """The network of a run after `weights_epoch`, and its input scaling.

    `shape` is (height, width) of the part of an image that the network uses. `columns` (n_features,) are the indices of
    these pixels in a stored image, or None if the network uses all pixels. `checksum` is the checksum of the
    parameters.
    """

    h: Hyperparameters
    weights_epoch: int
    network: Float64Network
    scaling: Scaling
    shape: tuple[int, int]
    columns: NDArray[np.intp] | None
    pixel_max: int
    checksum: int

    @property
    def first_weights(self) -> Float64Array:
        """The weights between the pixels and the first layer, (n_features, n_units)."""
        return self.network.layers[0].weights

    def crop(self, stored: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the part (n_images, n_features) of stored images that the network uses."""
        return stored if self.columns is None else np.take(stored, self.columns, axis=1)

    def inputs(self, pixels: NDArray[Any]) -> Float64Array:
        """Return the network's inputs for stored pixels (n_images, n_features)."""
        return self.scaling.in_float64(pixels)

    @property
    def black(self) -> Float64Array:
        """The inputs (n_features,) for a black image."""
        return np.asarray(self.inputs(np.zeros((1, self.shape[0] * self.shape[1])))[0])

    @property
    def pixel_scaling(self) -> PixelScaling:
        """The scaling that converts pixels between 0 (black) and 1 (white) to inputs."""
        return PixelScaling(self.scaling, float(self.pixel_max))

    def probabilities(self, logits: Float64Array) -> Float64Array:
        """Return the probabilities (n_images, n_outputs) for logits."""
        return probabilities_of(OutputLoss.from_hyperparameters(self.h).log_odds(logits))


class RunNetworks:
    """Loads networks, and caches the most recently used networks.

    Call its methods in a thread, because they read files.
    """

    def __init__(self, runs_dir: Path) -> None:
        self._runs_dir = runs_dir
        self._networks = ByteCache[TrainedNetwork](NETWORK_CACHE_BYTES)
        self._scalings = ByteCache[Scaling](SCALING_CACHE_BYTES)

    def find(self, run: RunRecord, epoch: int, dataset: Dataset) -> TrainedNetwork:
        """Return the network of the stored epoch nearest to `epoch`.

        Of two equally near epochs, choose the earlier one. Raises NotFoundError if no weights are stored, and
        CheckpointError if a checkpoint cannot be read. Raises ConflictError if the nearest weights are unusable. It
        also raises ConflictError if only checkpoints are stored, and none of them is of `epoch`.
        """
        weights_epoch, source = self._nearest(run, epoch)
        key = (run.id, weights_epoch)
        found = self._networks.get(key)
        if found is None:
            found = self._read(run, weights_epoch, source, dataset)
            if found.weights_epoch == weights_epoch:  # False if a later checkpoint has just replaced it
                self._networks.put(key, found, sum(layer.weights.nbytes for layer in found.network.layers))
        return found

    def files(self, run: RunRecord) -> RunFiles:
        """Return the paths of the run's files."""
        return RunFiles.of_run(self._runs_dir, run.id)

    def stored_epochs(self, run: RunRecord) -> Sequence[int]:
        """Return the epochs in the weights history, in ascending order. Without a history, return an empty sequence."""
        try:
            with WeightsHistory.open(self.files(run).weights) as history:
                return history.stored_epochs
        except PredictionsError:
            return ()

    def train_rows(self, run: RunRecord, dataset: Dataset) -> NDArray[np.intp]:
        """Return the indices of the training images. Raises ConflictError if they are not stored."""
        try:
            rows = np.asarray(read_array(self.files(run).train_rows), np.intp)
        except (OSError, ValueError, EOFError):
            raise ConflictError(
                f"Run {run.id} did not store which training images it used. Train it again to see their influence on "
                "this prediction."
            ) from None
        if rows.ndim != 1 or not rows.size or rows.min() < 0 or rows.max() >= len(dataset.train.inputs):
            raise ConflictError(f"The training images differ from those that run {run.id} was trained on.")
        return rows

    def _nearest(self, run: RunRecord, epoch: int) -> tuple[int, Which | None]:
        """Return the epoch to load, and the source: a checkpoint, or None for the weights history."""
        stored = self.stored_epochs(run)
        if epoch in stored:
            return epoch, None
        checkpoints = {read_checkpoint_epoch(path): which for which in WHICH if (path := self._checkpoint(run, which))}
        available = {*stored, *checkpoints}
        if not available:
            remedy = "Train it again to explain its predictions." if run.has_ended else "Try again in a moment."
            raise NotFoundError(f"The weights of run {run.id} are not stored. {remedy}")
        chosen = find_nearest_epoch(available, epoch)
        if not stored and chosen != epoch:
            others = " and ".join(map(str, sorted(available)))
            raise ConflictError(
                f"Run {run.id} stored the weights of epoch {others}, not of epoch {epoch}. "
                "Choose a stored epoch, or train the run again."
            )
        return chosen, None if chosen in stored else checkpoints[chosen]

    def _checkpoint(self, run: RunRecord, which: Which) -> Path | None:
        path = self.files(run).checkpoint(which)
        return path if path.is_file() else None

    def _read(self, run: RunRecord, epoch: int, source: Which | None, dataset: Dataset) -> TrainedNetwork:
        h = run.hyperparameters
        epoch, parameters = self._parameters(run, epoch, source)
        if parameters.size > LARGEST_NETWORK:
            raise ConflictError(
                f"The network of run {run.id} is too large to explain: it has more than {LARGEST_NETWORK:,} parameters."
            )
        if dataset.image_shape is None or h.image_shape is None:
            raise NotFoundError(f"Run {run.id} learns from a table, so it has no images to explain.")
        try:
            network = Network.from_parameters(h, h.n_features, dataset.n_outputs, parameters)
        except ShapeError as error:
            raise ConflictError(f"The stored weights of run {run.id} do not fit its network: {error}.") from None
        return TrainedNetwork(
            h=h,
            weights_epoch=epoch,
            network=Float64Network.from_network(network),
            scaling=self._scaling(run, h, dataset),
            shape=h.image_shape,
            columns=_columns(h, dataset),
            pixel_max=dataset.pixel_max,
            checksum=zlib.crc32(np.ascontiguousarray(parameters).data),
        )

    def _parameters(self, run: RunRecord, epoch: int, source: Which | None) -> tuple[int, FloatArray]:
        files = self.files(run)
        if source is not None:
            checkpoint = load_checkpoint(files.checkpoint(source), run.hyperparameters)
            return checkpoint.epoch, checkpoint.parameters
        try:
            with WeightsHistory.open(files.weights) as history:
                return epoch, history.read(epoch)
        except PredictionsError as error:
            raise ConflictError(f"The weights of epoch {epoch} of run {run.id} cannot be read: {error}") from None

    def _scaling(self, run: RunRecord, h: Hyperparameters, dataset: Dataset) -> Scaling:
        key = run.id
        found = self._scalings.get(key)
        if found is None:
            found = self._find_scaling(run, h, dataset)
            self._scalings.put(key, found, found.offset.nbytes + found.scale.nbytes)
        return found

    def _find_scaling(self, run: RunRecord, h: Hyperparameters, dataset: Dataset) -> Scaling:
        """Return the input scaling. A standardization comes from the last checkpoint, if there is one yet."""
        if h.input_scaling != "standardize":
            return Scaling.of_inputs(h.input_scaling, dataset, h.dtype)
        if path := self._checkpoint(run, "last"):
            checkpoint = load_checkpoint(path, h)
            return Scaling(checkpoint.scaling_offset, checkpoint.scaling_scale)
        trained_on = replace(dataset, train=dataset.train.part(self.train_rows(run, dataset)))
        scaling = Scaling.of_inputs(h.input_scaling, trained_on, h.dtype)
        columns = _columns(h, dataset)
        return scaling if columns is None else Scaling(scaling.offset[columns], scaling.scale[columns])


def _columns(h: Hyperparameters, dataset: Dataset) -> NDArray[np.intp] | None:
    """Return the indices of the stored pixels that the network uses, or None if it uses all pixels."""
    if dataset.image_shape is None or h.image_shape is None or h.image_shape == dataset.image_shape:
        return None
    return np.asarray(crop_images(np.arange(dataset.n_features)[np.newaxis], dataset.image_shape, h.image_shape)[0])
