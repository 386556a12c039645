"""The weights between the pixels and the first hidden layer, as an image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.storage.checkpoint import load_checkpoint
from webapp.errors import InvalidError, NotFoundError
from webapp.images.png import draw_weights
from webapp.runs.results import RunResults
from webapp.runs.service import Runs
from webapp.runs.trained_networks import RunNetworks
from webapp.threads import in_thread

Weights = tuple[NDArray[Any], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FirstLayerImage:
    """The first-layer weights of one network.

    `version` changes whenever the weights change. `load` returns the weights, and the shape (height, width) of the
    image of one unit.
    """

    version: str
    load: Callable[[], Weights]

    def draw(self, unit: int | None) -> bytes:
        """Draw the weights of one unit, or of all units if `unit` is None, and return a PNG.

        The drawing runs in a thread. Raises InvalidError for an unknown unit.
        """
        return in_thread(self._draw, unit)

    def _draw(self, unit: int | None) -> bytes:
        weights, shape = self.load()
        if unit is not None and unit >= weights.shape[1]:
            raise InvalidError({"unit": f"must be less than {weights.shape[1]}"})
        return draw_weights(weights, shape, unit)


class FirstLayers:
    """Finds the first-layer weights of runs on images."""

    def __init__(self, runs: Runs, results: RunResults, networks: RunNetworks) -> None:
        self._runs = runs
        self._results = results
        self._networks = networks

    def find(self, run_id: int, epoch: int | None) -> FirstLayerImage:
        """Return the weights of the stored epoch nearest to `epoch`; without `epoch`, those of the last checkpoint.

        Raises NotFoundError or ConflictError.
        """
        run = self._runs.get(run_id)
        if run.dataset_spec.kind == "table":
            raise NotFoundError(f"Run {run_id} learns from a table. Its weights cannot be shown as images.")
        if epoch is None:
            path, h = self._results.checkpoint_path(run_id), run.hyperparameters
            return FirstLayerImage(str(path.stat().st_mtime_ns), lambda: _load_checkpoint_weights(path, h))
        images = self._results.images(run_id, epoch)
        trained = in_thread(self._networks.find, images.run, images.epoch, images.dataset)
        return FirstLayerImage(f"epoch-{trained.weights_epoch}", lambda: (trained.first_weights, trained.shape))


def _load_checkpoint_weights(path: Path, h: Hyperparameters) -> Weights:
    stored = load_checkpoint(path, h)
    network = Network.from_parameters(h, h.n_features, h.dataset_spec.n_outputs, stored.parameters)
    return network.layers[0].weights, h.image_shape or (1, h.n_features)
