"""Epochs of steps along gradients of batches, and what any way of learning shares."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn.array_types import FloatArray
from nn.datasets.dataset import Split
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.storage.checkpoint import Checkpoint
from nn.training import schedules
from nn.training.batches import ExampleLoader, chunks
from nn.training.control import Control, StopRequested, check_changes
from nn.training.evaluation import score
from nn.training.events import BatchProgress
from nn.training.optimizers import make_optimizer
from nn.training.sampling import SAMPLINGS
from nn.training.stopwatch import Stopwatch

SECONDS_BETWEEN_PROGRESS = 0.1


@dataclass(frozen=True, slots=True)
class EpochMetrics:
    """What one epoch of steps tells of itself. A cost that is not finite is NaN; numbers have no accuracy, and
    a step whose length is found by search has no learning rate.
    """

    cost: float
    accuracy: float | None
    learning_rate: float | None
    images_per_second: float


class GradientDescent:
    """Takes the steps of epoch after epoch.

    Costs and accuracies come from the forward passes before each update, so dropout is on in them and the penalty is
    in the cost. They are worked out for a whole block of batches at a time. `first_cost` is the cost before the first
    step that was ever taken, over the first block of images, NaN until then; over a single small batch it could be 0 by
    chance, and every later cost would be out of proportion. `cost_weight` is what a mean loss is multiplied by to be
    the cost of a batch. `order` is what batches are drawn with.
    """

    def __init__(
        self,
        hyperparameters: Hyperparameters,
        network: Network,
        loader: ExampleLoader,
        split: Split,
        *,
        order: np.random.Generator,
        control: Control,
        clock: Stopwatch,
        on_progress: Callable[[BatchProgress], None],
    ) -> None:
        h = hyperparameters
        self.first_cost = math.nan
        self.batch_size = len(split) if h.batching == "full_batch" else min(h.batch_size, len(split))
        self.batches_per_epoch = len(split) if h.takes_windows else math.ceil(len(split) / self.batch_size)
        self._h = h
        self._network = network
        self._optimizer = make_optimizer(h, network.parameters, network.gradient)
        self._reader = loader
        self._split = split
        self._sample = SAMPLINGS[h.sampling if h.batching == "mini_batch" else "without_replacement"]
        self._order = order
        self._control = control
        self._clock = clock
        self._on_progress = on_progress
        self.cost_weight = self.batch_size if h.reduction == "sum" else 1
        self._outputs = np.empty((loader.max_rows, network.n_outputs), network.dtype)

    @property
    def gradient_evaluations(self) -> int:
        """Gradients since the start of the run: one for each step."""
        return self._optimizer.steps

    @property
    def state(self) -> dict[str, FloatArray]:
        """The vectors that the next step depends on, by name."""
        return self._optimizer.state

    def resume(self, checkpoint: Checkpoint) -> None:
        """Stand where `checkpoint`, which is of such a run, was taken."""
        self._network.parameters[:] = checkpoint.parameters
        for name, vector in self.state.items():
            vector[:] = checkpoint.optimizer_state[name]
        self._optimizer.steps = checkpoint.optimizer_steps
        self.first_cost = checkpoint.first_cost

    def run(self, epoch: int, on_epoch: Callable[[EpochMetrics], bool]) -> None:
        """Learn from `epoch` on, until `on_epoch` says that it is enough. Raises StopRequested."""
        while on_epoch(self.learn(epoch, schedules.learning_rate(self._h, epoch))):
            epoch += 1

    def learn(self, epoch: int, learning_rate: float) -> EpochMetrics:
        """See every example that is sampled and take a step after each batch, the last and smaller one too.

        A block of images with a cost that is not finite ends the epoch, since no further step can recover. Raises
        StopRequested.
        """
        network, clock, batch_size = self._network, self._clock, self.batch_size
        started = reported = clock.seconds
        order = self._sample(len(self._split), batch_size, self._order)
        n_images = len(order)
        cost_sum, n_right, n_seen = 0.0, 0, 0
        parts = list(chunks(n_images, batch_size, network.max_rows))
        blocks = self._reader.gather(self._split, (order[part.start : part.stop] for part in parts))
        for stretch, block in zip(parts, blocks, strict=True):
            outputs = self._outputs[: len(stretch)]
            if math.isnan(self.first_cost):
                loss = self._loss(network.outputs(block.inputs), block.targets, batch_size)
                self.first_cost = loss + network.penalty()
            for start in range(stretch.start, stretch.stop, batch_size):
                if not clock.run_uncounted(self._control.proceed):
                    raise StopRequested
                learning_rate = self._apply_changes(epoch, learning_rate)
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
                            cost=self._loss(outputs[rows], block.targets[rows], batch_images) + penalty,
                            images_per_second=stop / (now - started),
                        )
                    )
            losses, right = score(network, outputs, block)
            if self._h.reduction == "sum":  # each example is in a batch of this size, the last ones in a smaller one
                last = n_images - n_images % batch_size
                losses *= np.where(np.arange(stretch.start, stretch.stop) < last, batch_size, n_images - last)
            cost_sum, n_right, n_seen = cost_sum + float(losses.sum()), n_right + right, stretch.stop
            if not math.isfinite(cost_sum):
                cost_sum = math.nan
                break
        accuracy = None if self._split.targets is not None else n_right / n_seen
        return EpochMetrics(cost_sum / n_seen, accuracy, learning_rate, n_seen / max(clock.seconds - started, 1e-9))

    def _apply_changes(self, epoch: int, learning_rate: float) -> float:
        """Apply the changes that the control asks for, and return the learning rate of the epoch from here on.

        Raises HyperparameterError for a value that is not allowed.
        """
        changes = self._control.changes()
        if not changes:
            return learning_rate
        check_changes(changes)
        self._h = Hyperparameters.parse({**self._h.model_dump(), **changes})
        return schedules.learning_rate(self._h, epoch)

    def _loss(self, outputs: FloatArray, targets: FloatArray, batch_images: int) -> float:
        """The loss of a batch of so many, as if all of it were like these outputs."""
        mean = float(self._network.loss.values(outputs, targets).mean(dtype=np.float64))
        return mean * batch_images if self._h.reduction == "sum" else mean
