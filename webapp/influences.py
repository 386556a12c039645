"""What the training images of a run have to do with its answers, over several networks on the way to the last one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nn.datasets.dataset import Dataset
from nn.explain.influence import Influence, KeptNetwork
from nn.explain.training_images import TrainingImages
from nn.schedules import learning_rate
from nn.weights_history import nearest
from webapp.byte_cache import ByteCache
from webapp.run_networks import RunNetworks, TrainedNetwork
from webapp.run_view import RunView
from webapp.status import ENDED

MOST_NETWORKS = 5
IMAGES_HELD = 4_000_000  # bytes; of 54,000 images, which are not held themselves, 0.7 MB are


class Influences:
    """Puts together what the influence of a run's training images is found with. To be called in a thread."""

    def __init__(self, networks: RunNetworks) -> None:
        self._networks = networks
        self._images = ByteCache[TrainingImages](IMAGES_HELD)

    def of(self, run: RunView, dataset: Dataset, trained: TrainedNetwork) -> Influence:
        """The influence on answers of the network `trained`, by it and the networks before it.

        Raises ConflictError where the images or the weights were not kept.
        """
        epochs = [epoch for epoch in self._epochs(run) if epoch <= trained.weights_epoch] or [trained.weights_epoch]
        h = trained.h
        checkpoints = [
            KeptNetwork(
                epoch=epoch,
                network=self._networks.find(run, epoch, dataset).network,
                learning_rate=None if h.searches else learning_rate(h, epoch),
                epochs=epochs_of,
            )
            for epoch, epochs_of in zip(epochs, stood_for(epochs, trained.weights_epoch), strict=True)
        ]
        folder = self._networks.files(run).traces
        return Influence(checkpoints, self._training_images(run, dataset, trained), h, dataset.class_codes, folder)

    def _epochs(self, run: RunView) -> Sequence[int]:
        kept = self._networks.kept_epochs(run)
        return chosen_epochs(kept, run.epochs_completed, has_ended=run.status in ENDED)

    def _training_images(self, run: RunView, dataset: Dataset, trained: TrainedNetwork) -> TrainingImages:
        found = self._images.get(run.id)
        if found is None:
            split = dataset.train.part(self._networks.train_rows(run, dataset))
            found = TrainingImages(split, trained.scaling, dataset.pixel_max, columns=trained.columns)
            n_bytes = sum(array.nbytes for array in (split.labels, found.stored_rows(), found.squares))
            self._images.put(run.id, found, n_bytes)
        return found


def chosen_epochs(kept: Sequence[int], last: int, *, has_ended: bool) -> list[int]:
    """At most MOST_NETWORKS of the `kept` epochs of a run that has completed `last`, in ascending order.

    Those of a run that has ended are evenly spaced from the first to the last. While it goes on, they are the first and
    the multiples of a power of two, so that few of them change from epoch to epoch.
    """
    if not kept:
        return []
    if has_ended:
        wanted = np.linspace(1, last, min(MOST_NETWORKS, last)).round().astype(int).tolist()
    else:
        step = 1
        while last // step >= MOST_NETWORKS:
            step *= 2
        wanted = [1, *range(step, last + 1, step)]
    return sorted({nearest(kept, epoch) for epoch in wanted})


def stood_for(epochs: Sequence[int], last: int) -> list[int]:
    """How many of the epochs 1 to `last` are nearest to each of `epochs`, which ascend; the earlier of two counts."""
    ends = [*((earlier + later) // 2 for earlier, later in pairwise(epochs)), last]
    return [end - before for before, end in pairwise([0, *ends])]
