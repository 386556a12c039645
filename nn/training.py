"""Training a network from hyperparameters and a data set, telling what happens as it happens."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from nn import schedules
from nn.checkpoints import BestEpoch, Checkpoint
from nn.datasets.dataset import Dataset
from nn.datasets.splitting import split_validation
from nn.evaluation import CHUNK_SIZE, Evaluation, evaluate
from nn.events import (
    BatchProgress,
    EpochCompleted,
    EpochResult,
    StopReason,
    TrainingEvent,
    TrainingFinished,
    TrainingStarted,
)
from nn.hyperparameters import Hyperparameters
from nn.network import Network
from nn.optimizers import OPTIMIZERS
from nn.predictions import Predictions
from nn.scaling import Scaling

SECONDS_BETWEEN_PROGRESS = 0.1
LARGE_PRODUCT = 128 * 512 * 512  # multiplications in one matrix product from which a second thread pays


class Control(Protocol):
    """How someone outside steers training."""

    def proceed(self) -> bool:
        """Block while paused; `False` once training must stop. Called before each batch."""


class _Unattended:
    def proceed(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class TrainingResult:
    """What training leaves behind: the network after its last epoch, and what was told of each epoch."""

    network: Network
    scaling: Scaling
    history: list[EpochResult]
    stop_reason: StopReason
    best_epoch: int | None


def train(
    hyperparameters: Hyperparameters,
    dataset: Dataset,
    *,
    on_event: Callable[[TrainingEvent], None],
    control: Control | None = None,
    resume_from: Checkpoint | None = None,
) -> TrainingResult:
    """Train until the last epoch, or until one of the other StopReasons.

    `dataset` is whole: the validation split is held out here. `resume_from` goes on after an epoch as if nothing had
    happened: the same hyperparameters and data give the same figures, bit for bit. A stop in the middle of an epoch
    leaves that epoch out. Raises HyperparameterError where the data are too small for what was chosen, and whatever
    `on_event` raises.
    """
    hyperparameters.check_together(len(dataset.train))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        trainer = _Trainer(hyperparameters, dataset, on_event, control or _Unattended())
        with threadpool_limits(_blas_threads(hyperparameters), user_api="blas"):
            return trainer.run(resume_from)


def _blas_threads(h: Hyperparameters) -> int:
    """Two threads for large products; small ones lose more by waiting for each other than they gain."""
    spec = h.dataset_spec
    sizes = (spec.n_features, *h.hidden_sizes, spec.n_classes)
    batch_size = spec.train_size if h.batching == "full_batch" else h.batch_size
    largest = max(fan_in * fan_out for fan_in, fan_out in itertools.pairwise(sizes))
    return 2 if batch_size * largest >= LARGE_PRODUCT else 1


class _Stopped(Exception):  # noqa: N818 - not an error
    """Somebody asked training to stop."""


class _Trainer:
    """One run of training: the network, what updates it, and where it stands."""

    def __init__(
        self, h: Hyperparameters, dataset: Dataset, on_event: Callable[[TrainingEvent], None], control: Control
    ) -> None:
        self.h = h
        self.data = split_validation(dataset, h.validation_fraction, h.seed)
        self.on_event = on_event
        self.control = control
        initial, order, dropout = (np.random.default_rng(seed) for seed in np.random.SeedSequence(h.seed).spawn(3))
        self.streams = {"order": order, "dropout": dropout}
        self.network = Network.from_hyperparameters(h, initial, dropout)
        self.optimizer = OPTIMIZERS[h.optimizer](h, self.network.parameters, self.network.gradient)
        self.scaling = Scaling.fit(h.input_scaling, self.data, h.dtype)
        self.batch_size = len(self.data.train) if h.batching == "full_batch" else h.batch_size
        self.network.allocate(max(self.batch_size, CHUNK_SIZE))
        self.pixels = np.empty((self.batch_size, dataset.n_features), np.uint8)
        self.inputs = np.empty((self.batch_size, dataset.n_features), h.dtype)
        self.history: list[EpochResult] = []
        self.best: BestEpoch | None = None
        self.first_cost = math.nan
        self.clock = _Clock()

    def run(self, resume_from: Checkpoint | None) -> TrainingResult:
        """Train, epoch by epoch."""
        epoch = self._restore(resume_from) if resume_from else 0
        data = self.data
        self.on_event(
            TrainingStarted(
                epochs=self.h.epochs,
                batches_per_epoch=self._batches_per_epoch(),
                train_size=len(data.train),
                validation_size=len(data.validation),
                test_size=len(data.test),
                parameter_count=self.network.parameter_count,
            )
        )
        stop_reason = StopReason.COMPLETED
        while epoch < self.h.epochs and stop_reason is StopReason.COMPLETED:
            try:
                stop_reason = self._epoch(epoch + 1)
                epoch += 1
            except _Stopped:
                stop_reason = StopReason.STOPPED
        best_epoch = self.best.epoch if self.best else None
        self.on_event(TrainingFinished(stop_reason, epochs_completed=epoch, best_epoch=best_epoch))
        return TrainingResult(self.network, self.scaling, self.history, stop_reason, best_epoch)

    def _epoch(self, epoch: int) -> StopReason:
        """Train and evaluate one epoch; tell of it; say whether and why training ends with it."""
        rate = schedules.learning_rate(self.h, epoch)
        train_cost, train_accuracy, images_per_second = self._learn(epoch, rate)
        validation = self._evaluated_validation()
        test = evaluate(self.network, self.scaling, self.data.test)
        result = EpochResult(
            epoch=epoch,
            train_cost=train_cost,
            train_accuracy=train_accuracy,
            validation_cost=validation.cost if validation else None,
            validation_accuracy=validation.accuracy if validation else None,
            test_cost=test.cost,
            test_accuracy=test.accuracy,
            learning_rate=rate,
            gradient_evaluations=self.optimizer.steps,
            elapsed_seconds=self.clock.seconds,
            images_per_second=images_per_second,
        )
        diverged = not train_cost <= self.h.divergence_factor * self.first_cost
        is_best = not diverged and self._is_best(epoch, validation)
        self.history.append(result)
        predictions = Predictions.from_outputs(test.probabilities, test.losses)
        self.on_event(EpochCompleted(result, predictions, self._checkpoint(epoch), is_best))
        if diverged:
            return StopReason.DIVERGED
        if self.h.early_stopping and self.best and epoch - self.best.epoch >= self.h.patience:
            return StopReason.EARLY_STOPPING
        return StopReason.COMPLETED

    def _learn(self, epoch: int, rate: float) -> tuple[float, float, float]:
        """Take every step of one epoch; return mean cost, accuracy and images per second.

        Both figures come from the forward passes before each update, so dropout is on in them. A cost that is not
        finite ends the epoch at that batch: no further step could mend it.
        """
        network, optimizer = self.network, self.optimizer
        n_seen, n_correct, cost_sum = 0, 0, 0.0
        n_batches = self._batches_per_epoch()
        started = reported = self.clock.seconds
        for batch, (inputs, labels) in enumerate(self._batches(), start=1):
            outputs = network.forward(inputs, training=True)
            n_correct += int(np.count_nonzero(outputs.argmax(axis=1) == labels))
            cost = float(network.backward(outputs, labels).mean()) + network.penalty()
            n_seen += len(labels)
            cost_sum += cost * len(labels)
            if math.isnan(self.first_cost):
                self.first_cost = cost
            if not math.isfinite(cost):
                break
            optimizer.step(rate)
            now = self.clock.seconds
            if now - reported >= SECONDS_BETWEEN_PROGRESS:
                reported = now
                self.on_event(BatchProgress(epoch, batch, n_batches, cost, n_seen / (now - started)))
        seconds = max(self.clock.seconds - started, 1e-9)
        return cost_sum / n_seen, n_correct / n_seen, n_seen / seconds

    def _batches(self) -> Iterator[tuple[Any, Any]]:
        """Yield inputs (batch_size, n_features) and labels (batch_size,), each image once, in a new order.

        The inputs are views of one buffer. Raises _Stopped when somebody asks for it.
        """
        images = self.data.train.images
        order = self.streams["order"].permutation(len(images))
        labels = self.data.train.labels[order].astype(np.intp)
        for start in range(0, len(order), self.batch_size):
            if not self.clock.leaving_out(self.control.proceed):
                raise _Stopped
            rows = order[start : start + self.batch_size]
            pixels, inputs = self.pixels[: len(rows)], self.inputs[: len(rows)]
            # mode="clip" spares a check of every index, and with it a hidden copy of the result.
            np.take(images, rows, axis=0, out=pixels, mode="clip")
            self.scaling.apply(pixels, inputs)
            yield inputs, labels[start : start + self.batch_size]

    def _batches_per_epoch(self) -> int:
        return math.ceil(len(self.data.train) / self.batch_size)

    def _evaluated_validation(self) -> Evaluation | None:
        return evaluate(self.network, self.scaling, self.data.validation) if len(self.data.validation) else None

    def _is_best(self, epoch: int, validation: Evaluation | None) -> bool:
        if validation is None or not math.isfinite(validation.cost):
            return False
        candidate = BestEpoch(epoch, validation.accuracy, validation.cost)
        if not candidate.is_better_than(self.best):
            return False
        self.best = candidate
        return True

    def _checkpoint(self, epoch: int) -> Checkpoint:
        return Checkpoint(
            hyperparameters=self.h,
            epoch=epoch,
            parameters=self.network.parameters,
            optimizer_state=self.optimizer.state,
            optimizer_steps=self.optimizer.steps,
            random_states={name: dict(stream.bit_generator.state) for name, stream in self.streams.items()},
            first_cost=self.first_cost,
            best=self.best,
            elapsed_seconds=self.clock.seconds,
        )

    def _restore(self, checkpoint: Checkpoint) -> int:
        self.network.parameters[...] = checkpoint.parameters
        for name, array in checkpoint.optimizer_state.items():
            self.optimizer.state[name][...] = array
        self.optimizer.steps = checkpoint.optimizer_steps
        for name, state in checkpoint.random_states.items():
            self.streams[name].bit_generator.state = state
        self.first_cost = checkpoint.first_cost
        self.best = checkpoint.best
        self.clock = _Clock(checkpoint.elapsed_seconds)
        return checkpoint.epoch


class _Clock:
    """Seconds since the start of a run, without those in which it was paused."""

    def __init__(self, elapsed_seconds: float = 0.0) -> None:
        self._origin = time.perf_counter() - elapsed_seconds

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return time.perf_counter() - self._origin

    def leaving_out(self, wait: Callable[[], bool]) -> bool:
        """Return what `wait` returns, its time not counted."""
        started = time.perf_counter()
        result = wait()
        self._origin += time.perf_counter() - started
        return result
