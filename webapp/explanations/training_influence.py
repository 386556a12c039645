"""Training influence over several stored networks of a run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from math import isqrt

from nn.datasets.dataset import Dataset
from nn.explanations.forward_pass import Float64Network
from nn.explanations.training_images import TrainingImages
from nn.explanations.training_influence import InfluenceFinder, StoredNetwork
from nn.hyperparameters.schema import Hyperparameters
from nn.training.schedules import learning_rate
from webapp.cache import ByteCache
from webapp.runs.trained_networks import RunNetworks, TrainedNetwork
from webapp.storage.run_record import RunRecord

MOST_EARLIER = 5  # networks, beside the one that is explained
IMAGES_HELD = 4_000_000  # bytes; of 54,000 images, which are not held themselves, 0.7 MB are


class TrainingInfluences:
    """Collects what the influence of a run's training images is computed from. Call it in a thread."""

    def __init__(self, networks: RunNetworks) -> None:
        self._networks = networks
        self._images = ByteCache[TrainingImages](IMAGES_HELD)

    def of(self, run: RunRecord, dataset: Dataset, trained: TrainedNetwork) -> InfluenceFinder:
        """Return the influence finder for the network `trained` and some networks before it.

        Raises ConflictError if the training indices are not stored. Its use raises what `RunNetworks.find` raises.
        """
        h, epoch = trained.h, trained.weights_epoch
        epochs = chosen_epochs(self._networks.kept_epochs(run), epoch)
        checkpoints = [
            StoredNetwork(one, learning(h, those), partial(self._network, run, dataset, trained, one))
            for one, those in zip(epochs, stood_for(epochs), strict=True)
        ]
        folder = self._networks.files(run).traces
        return InfluenceFinder(
            checkpoints, self._training_images(run, dataset, trained), h, dataset.class_codes, folder
        )

    def _network(self, run: RunRecord, dataset: Dataset, trained: TrainedNetwork, epoch: int) -> Float64Network:
        found = trained if epoch == trained.weights_epoch else self._networks.find(run, epoch, dataset)
        return found.network

    def _training_images(self, run: RunRecord, dataset: Dataset, trained: TrainedNetwork) -> TrainingImages:
        found = self._images.get(run.id)
        if found is None:
            split = dataset.train.part(self._networks.train_rows(run, dataset))
            found = TrainingImages(split, trained.scaling, dataset.pixel_max, columns=trained.columns)
            n_bytes = sum(array.nbytes for array in (split.labels, split.stored_rows, found.squares))
            self._images.put(run.id, found, n_bytes)
        return found


def chosen_epochs(kept: Sequence[int], epoch: int) -> list[int]:
    """Return `epoch` and at most MOST_EARLIER of the stored epochs before it, in ascending order.

    A network changes most at the beginning, so these are the first ones, each a fixed multiple of the previous
    position: powers of 2, 4, 16, …. Each series contains the next one, so few networks serve all epochs of a run.
    """
    n_kept, base = bisect_right(kept, epoch), 2
    while base**MOST_EARLIER <= n_kept:
        base *= base
    places = [place for power in range(MOST_EARLIER) if (place := base**power) <= n_kept]
    return sorted({*(kept[place - 1] for place in places), epoch})


def stood_for(epochs: Sequence[int]) -> list[range]:
    """Return the epochs, up to the last of the ascending `epochs`, that each of them represents: those nearest by
    ratio.
    """
    ends = [*(isqrt(earlier * later) for earlier, later in pairwise(epochs)), epochs[-1]]
    return [range(before + 1, end + 1) for before, end in pairwise([0, *ends])]


def learning(h: Hyperparameters, epochs: Sequence[int]) -> float:
    """The sum of the learning rates of some `epochs`; 1 is taken for one in which each step's length was looked for."""
    return float(len(epochs)) if h.searches else sum(learning_rate(h, epoch) for epoch in epochs)
