"""Selection of the stored networks from which training influence is computed."""

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

MAX_EARLIER = 5  # networks before the network that is explained
IMAGE_CACHE_BYTES = 4_000_000  # without their pixels, 54,000 images take 0.7 MB


class TrainingInfluences:
    """Creates influence finders for runs. Call its methods in a thread, because they read files."""

    def __init__(self, networks: RunNetworks) -> None:
        self._networks = networks
        self._images = ByteCache[TrainingImages](IMAGE_CACHE_BYTES)

    def finder(self, run: RunRecord, dataset: Dataset, trained: TrainedNetwork) -> InfluenceFinder:
        """Return the influence finder for the network `trained` and some earlier networks of the run.

        Raises ConflictError if the indices of the training images are not stored. The methods of the finder raise the
        errors of `RunNetworks.find`.
        """
        h, epoch = trained.h, trained.weights_epoch
        epochs = choose_epochs(self._networks.stored_epochs(run), epoch)
        checkpoints = [
            StoredNetwork(each, learning_rate_sum(h, represented), partial(self._network, run, dataset, trained, each))
            for each, represented in zip(epochs, represented_epochs(epochs), strict=True)
        ]
        folder = self._networks.files(run).activations
        return InfluenceFinder(
            checkpoints, self._training_images(run, dataset, trained), h, dataset.class_codes, folder
        )

    def _network(self, run: RunRecord, dataset: Dataset, trained: TrainedNetwork, epoch: int) -> Float64Network:
        found = trained if epoch == trained.weights_epoch else self._networks.find(run, epoch, dataset)
        return found.network

    def _training_images(self, run: RunRecord, dataset: Dataset, trained: TrainedNetwork) -> TrainingImages:
        found = self._images.get(run.id)
        if found is None or found.split.inputs is not dataset.train.inputs:  # the data set may have been loaded again
            split = dataset.train.part(self._networks.train_rows(run, dataset))
            found = TrainingImages(split, trained.scaling, dataset.pixel_max, columns=trained.columns)
            n_bytes = sum(array.nbytes for array in (split.labels, split.stored_rows, found.squares))
            self._images.put(run.id, found, n_bytes)
        return found


def choose_epochs(stored: Sequence[int], epoch: int) -> list[int]:
    """Return `epoch` and at most MAX_EARLIER of the `stored` epochs before it, in ascending order.

    A network changes most at the beginning, so the chosen epochs are dense there. They are the first, b-th, b²-th, …
    stored epochs, up to `epoch`. The base b is the smallest of 2, 4, 16, … for which the series has at most MAX_EARLIER
    epochs. Each base is the square of the previous base, so different bases choose many of the same epochs. Therefore,
    the explanations of all epochs of a run need only a few networks.
    """
    n_stored, base = bisect_right(stored, epoch), 2
    while base**MAX_EARLIER <= n_stored:
        base *= base
    positions = [position for power in range(MAX_EARLIER) if (position := base**power) <= n_stored]
    return sorted({*(stored[position - 1] for position in positions), epoch})


def represented_epochs(epochs: Sequence[int]) -> list[range]:
    """Return the range of epochs that each of the ascending `epochs` represents.

    Neighboring ranges meet at the geometric mean of their epochs.
    """
    ends = [*(isqrt(earlier * later) for earlier, later in pairwise(epochs)), epochs[-1]]
    return [range(before + 1, end + 1) for before, end in pairwise([0, *ends])]


def learning_rate_sum(h: Hyperparameters, epochs: Sequence[int]) -> float:
    """Return the sum of the learning rates of `epochs`. Each epoch counts as 1 if the optimizer uses a line search."""
    return float(len(epochs)) if h.searches else sum(learning_rate(h, epoch) for epoch in epochs)
