"""Gradient descent on batches, and the metrics of an epoch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn.array_types import FloatArray
from nn.datasets.dataset import Split
from nn.diagnosis.telemetry_recorder import TelemetryRecorder
from nn.examples.sampling import select_sampling
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.storage.checkpoint import Checkpoint
from nn.training import schedules
from nn.training.batches import ExampleLoader, chunks
from nn.training.control import Control, StopRequested, check_changes
from nn.training.evaluation import score
from nn.training.events import BatchProgress
from nn.training.optimizers import make_optimizer
from nn.training.stopwatch import Stopwatch

SECONDS_BETWEEN_PROGRESS = 0.1


@dataclass(frozen=True, slots=True)
class EpochMetrics:
    """The training metrics of one epoch.

    A cost that is not finite is NaN. `accuracy` is None for a regression. `learning_rate` is None if a line search
    chooses the step lengths.
    """

    cost: float
    accuracy: float | None
    learning_rate: float | None
    images_per_second: float


class GradientDescent:
    """Gradient descent, epoch by epoch.

    Costs and accuracies come from the forward pass before each update, with dropout. Costs include the weight penalty.
    The losses of a chunk of batches are computed together. `first_cost` is the cost of the first chunk, computed with
    the initial parameters and without dropout. It is NaN until `train_epoch` or `resume` sets it. The cost of a single
    batch would not be suitable: it could be 0 by chance, and every later cost would then count as divergence.

    The cost of a batch of `batch_size` images is its mean loss times `cost_weight`, plus the weight penalty. `order` is
    the random generator for the order of the examples. `recorder` measures some of the steps.
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
        recorder: TelemetryRecorder | None = None,
    ) -> None:
        h = hyperparameters
        self.first_cost = math.nan
        self.batch_size = h.batch_size_for(len(split))
        self.batches_per_epoch = h.steps_per_epoch(len(split))
        self._h = h
        self._network = network
        self._optimizer = make_optimizer(h, network.parameters, network.gradient)
        self._loader = loader
        self._split = split
        self._sample = select_sampling(h)
        self._order = order
        self._control = control
        self._clock = clock
        self._on_progress = on_progress
        self._recorder = recorder
        self.cost_weight = self.batch_size if h.reduction == "sum" else 1
        self._logits = np.empty((loader.max_rows, network.n_outputs), network.dtype)

    @property
    def gradient_evaluations(self) -> int:
        """The number of gradient evaluations since the start of the run: one per step."""
        return self._optimizer.steps

    @property
    def state(self) -> dict[str, FloatArray]:
        """The vectors that the next step depends on, by name."""
        return self._optimizer.state

    def resume(self, checkpoint: Checkpoint) -> None:
        """Resume from `checkpoint`."""
        self._network.parameters[:] = checkpoint.parameters
        for name, vector in self.state.items():
            vector[:] = checkpoint.optimizer_state[name]
        self._optimizer.steps = checkpoint.optimizer_steps
        self.first_cost = checkpoint.first_cost

    def run(self, epoch: int, on_epoch: Callable[[EpochMetrics], bool]) -> None:
        """Train from `epoch` until `on_epoch` returns False. Raises StopRequested."""
        while on_epoch(self.train_epoch(epoch, schedules.learning_rate(self._h, epoch))):
            epoch += 1

    def train_epoch(self, epoch: int, learning_rate: float) -> EpochMetrics:
        """Take one step per batch of the epoch. The last batch may be smaller than the others.

        The epoch ends early after a chunk with a cost that is not finite, because no later step can make the cost
        finite again. Raises StopRequested.
        """
        network, clock, batch_size = self._network, self._clock, self.batch_size
        started = reported = clock.seconds
        watched = self._recorder.begin_epoch(epoch) if self._recorder else ()
        step = 0
        order = self._sample(len(self._split), batch_size, self._order)
        n_images = len(order)
        cost_sum, n_correct, n_done = 0.0, 0, 0
        parts = list(chunks(n_images, batch_size, network.max_rows))
        loaded = self._loader.gather(self._split, (order[part.start : part.stop] for part in parts))
        for part, chunk in zip(parts, loaded, strict=True):
            logits = self._logits[: len(part)]
            if math.isnan(self.first_cost):
                loss = self._loss(network.logits(chunk.inputs), chunk.targets, batch_size)
                self.first_cost = loss + network.penalty()
            for start in range(part.start, part.stop, batch_size):
                if not clock.run_uncounted(self._control.proceed):
                    raise StopRequested
                learning_rate = self._apply_changes(epoch, learning_rate)
                stop = min(start + batch_size, part.stop)
                rows = slice(start - part.start, stop - part.start)
                logits[rows] = network.forward(chunk.inputs[rows])
                penalty = network.penalty()
                cost_sum += penalty * (stop - start)
                batch_offset = start % batch_size
                batch_images = min(batch_size, n_images - (start - batch_offset))
                network.backward(chunk.targets[rows], batch_images, accumulate=batch_offset > 0)
                if batch_offset + stop - start == batch_images:
                    step += 1
                    if step in watched:
                        self._take_watched_step(step, learning_rate)
                    else:
                        self._optimizer.step(learning_rate)
                now = clock.seconds
                if now - reported >= SECONDS_BETWEEN_PROGRESS:
                    reported = now
                    self._on_progress(
                        BatchProgress(
                            epoch=epoch,
                            batch=math.ceil(stop / batch_size),
                            batches=self.batches_per_epoch,
                            cost=self._loss(logits[rows], chunk.targets[rows], batch_images) + penalty,
                            images_per_second=stop / (now - started),
                        )
                    )
            losses, chunk_correct = score(network, logits, chunk)
            if self._h.reduction == "sum":  # the last batch may be smaller
                last = n_images - n_images % batch_size
                losses *= np.where(np.arange(part.start, part.stop) < last, batch_size, n_images - last)
            cost_sum, n_correct, n_done = cost_sum + float(losses.sum()), n_correct + chunk_correct, part.stop
            if not math.isfinite(cost_sum):
                cost_sum = math.nan
                break
        accuracy = None if self._split.targets is not None else n_correct / n_done
        return EpochMetrics(cost_sum / n_done, accuracy, learning_rate, n_done / max(clock.seconds - started, 1e-9))

    def _take_watched_step(self, step: int, learning_rate: float) -> None:
        """Take a step that the telemetry watches."""
        if self._recorder:
            self._recorder.before_step(step)
        self._optimizer.step(learning_rate)
        if self._recorder:
            self._recorder.after_step()

    def _apply_changes(self, epoch: int, learning_rate: float) -> float:
        """Apply the changes that the control returns, and return the learning rate for the rest of the epoch.

        Raises HyperparameterError for a hyperparameter or value that is not allowed.
        """
        changes = self._control.changes()
        if not changes:
            return learning_rate
        check_changes(changes)
        self._h = self._h.changed(changes)
        return schedules.learning_rate(self._h, epoch)

    def _loss(self, logits: FloatArray, targets: FloatArray, batch_images: int) -> float:
        """Estimate the loss of `batch_images` images from the `logits` of a possibly different number of images."""
        mean = float(self._network.loss.values(logits, targets).mean(dtype=np.float64))
        return mean * batch_images if self._h.reduction == "sum" else mean
