"""One epoch of steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nn.arrays import Floats
from nn.batches import Reader, stretches
from nn.clock import Clock
from nn.datasets.dataset import Split
from nn.evaluation import score
from nn.events import BatchProgress
from nn.network import Network
from nn.optimizers import Optimizer

SECONDS_BETWEEN_PROGRESS = 0.1


class Control(Protocol):
    """How someone outside steers training."""

    def proceed(self) -> bool:
        """Block while paused; `False` once training must stop. Called before each batch."""


class Stopped(Exception):  # noqa: N818 - not an error
    """Somebody asked training to stop."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What one epoch of steps tells of itself. A cost that is not finite is NaN."""

    cost: float
    accuracy: float
    images_per_second: float


class Learner:
    """Takes the steps of an epoch.

    Costs and accuracies come from the forward passes before each update, so dropout is on in them and the penalty is
    in the cost. They are worked out for a whole block of batches at a time. `first_cost` is the cost before the first
    step that was ever taken, over the first block of images, NaN until then; over a single small batch it could be 0 by
    chance, and every later cost would be out of proportion.
    """

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        reader: Reader,
        split: Split,
        *,
        batch_size: int,
        order: np.random.Generator,
        control: Control,
        clock: Clock,
        on_progress: Callable[[BatchProgress], None],
    ) -> None:
        self.first_cost = math.nan
        self.batch_size = min(batch_size, len(split))
        self.batches_per_epoch = math.ceil(len(split) / self.batch_size)
        self._network = network
        self._optimizer = optimizer
        self._reader = reader
        self._split = split
        self._order = order
        self._control = control
        self._clock = clock
        self._on_progress = on_progress
        self._outputs = np.empty((reader.max_rows, network.n_classes), network.dtype)

    def learn(self, epoch: int, learning_rate: float) -> Learned:
        """See every image once, in a new order, and take a step after each batch, the last and smaller one too.

        A block of images with a cost that is not finite ends the epoch: no further step could mend it. Raises Stopped.
        """
        network, clock, batch_size, n_images = self._network, self._clock, self.batch_size, len(self._split)
        order = self._order.permutation(n_images)
        started = reported = clock.seconds
        cost_sum, n_right, n_seen = 0.0, 0, 0
        parts = list(stretches(n_images, batch_size, network.max_rows))
        blocks = self._reader.gather(self._split, (order[part.start : part.stop] for part in parts))
        for stretch, block in zip(parts, blocks, strict=True):
            outputs = self._outputs[: len(stretch)]
            if math.isnan(self.first_cost):
                self.first_cost = self._mean_loss(network.outputs(block.inputs), block.targets) + network.penalty()
            for start in range(stretch.start, stretch.stop, batch_size):
                if not clock.leaving_out(self._control.proceed):
                    raise Stopped
                stop = min(start + batch_size, stretch.stop)
                rows = slice(start - stretch.start, stop - stretch.start)
                outputs[rows] = network.forward(block.inputs[rows])
                penalty = network.penalty()
                cost_sum += penalty * (stop - start)
                in_batch = start % batch_size
                batch_images = min(batch_size, n_images - (start - in_batch))
                network.backward(block.targets[rows], batch_images, accumulate=in_batch > 0)
                if in_batch + stop - start == batch_images:
                    self._optimizer.step(learning_rate)
                now = clock.seconds
                if now - reported >= SECONDS_BETWEEN_PROGRESS:
                    reported = now
                    self._on_progress(
                        BatchProgress(
                            epoch=epoch,
                            batch=math.ceil(stop / batch_size),
                            batches=self.batches_per_epoch,
                            cost=self._mean_loss(outputs[rows], block.targets[rows]) + penalty,
                            images_per_second=stop / (now - started),
                        )
                    )
            loss_sum, right = score(network, outputs, block)
            cost_sum, n_right, n_seen = cost_sum + loss_sum, n_right + right, stretch.stop
            if not math.isfinite(cost_sum):
                cost_sum = math.nan
                break
        seconds = max(clock.seconds - started, 1e-9)
        return Learned(cost_sum / n_seen, n_right / n_seen, n_seen / seconds)

    def _mean_loss(self, outputs: Floats, targets: Floats) -> float:
        return float(self._network.loss.values(outputs, targets).mean(dtype=np.float64))
