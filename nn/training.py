"""Training a network from hyperparameters and a data set, telling what happens as it happens."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from nn import schedules
from nn.batches import Reader
from nn.checkpoints import BestEpoch, Checkpoint
from nn.clock import Clock
from nn.datasets.dataset import Dataset
from nn.datasets.splitting import split_validation
from nn.errors import CheckpointError
from nn.evaluation import Evaluation, evaluate
from nn.events import EpochCompleted, EpochResult, StopReason, TrainingEvent, TrainingFinished, TrainingStarted
from nn.hyperparameters import Hyperparameters
from nn.learning import Control, Learner, Stopped
from nn.network import Network
from nn.optimizers import make_optimizer
from nn.predictions import Predictions
from nn.random_streams import RandomStreams
from nn.scaling import Scaling

__all__ = ["Control", "TrainingResult", "train"]


class _Unattended:
    def proceed(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class TrainingResult:
    """What training leaves behind: the network as it was last, and what was told of each epoch that was completed.

    After a stop in the middle of an epoch, the network has taken some steps of the next one.
    """

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

    `dataset` is whole: the validation split is held out here. The test split is scored after each epoch and decides
    nothing. A stop in the middle of an epoch leaves that epoch out. `resume_from` goes on after its epoch as if nothing
    had happened: the same hyperparameters and data give the same figures, bit for bit; only `epochs` may differ, to
    train for longer.

    Raises HyperparameterError where the data are too small for what was chosen, CheckpointError where `resume_from`
    is of another run, and whatever `on_event` and `control` raise.
    """
    hyperparameters.check_together(len(dataset.train))
    # A run that diverges is told of as such; NumPy's warnings on the way there would add nothing.
    with np.errstate(all="ignore"):
        training = _Training(hyperparameters, dataset, on_event, control or _Unattended())
        if resume_from is not None:
            training.restore(resume_from)
        with threadpool_limits(1, user_api="blas"):  # large products are spread by `nn.products`
            return training.run()


class _Training:
    """One run of training: all that takes part in it, and where it stands."""

    def __init__(
        self, h: Hyperparameters, dataset: Dataset, on_event: Callable[[TrainingEvent], None], control: Control
    ) -> None:
        self.h = h
        self.data = data = split_validation(dataset, h.validation_fraction, h.seed)
        self.on_event = on_event
        self.streams = RandomStreams(h.seed)
        self.network = Network.from_hyperparameters(
            h, data.n_features, data.n_classes, self.streams.initialization, dropout_rng=self.streams.dropout
        )
        self.optimizer = make_optimizer(h, self.network.parameters, self.network.gradient)
        self.scaling = Scaling.fit(h.input_scaling, data.train.images, data.pixel_max, h.dtype)
        self.reader = Reader(self.scaling, data.n_features, data.n_classes, h.dtype, self.network.max_rows)
        self.clock = Clock()
        self.learner = Learner(
            self.network,
            self.optimizer,
            self.reader,
            data.train,
            batch_size=len(data.train) if h.batching == "full_batch" else h.batch_size,
            order=self.streams.order,
            control=control,
            clock=self.clock,
            on_progress=on_event,
        )
        self.epoch = 0
        self.diverged = False
        self.best: BestEpoch | None = None
        self.history: list[EpochResult] = []

    def run(self) -> TrainingResult:
        """Train, epoch by epoch."""
        self.on_event(
            TrainingStarted(
                epochs=self.h.epochs,
                batches_per_epoch=self.learner.batches_per_epoch,
                train_size=len(self.data.train),
                validation_size=len(self.data.validation),
                test_size=len(self.data.test),
                parameter_count=self.network.parameter_count,
            )
        )
        stop_reason = self._reason_to_end()
        while stop_reason is None:
            try:
                self._train_epoch(self.epoch + 1)
                stop_reason = self._reason_to_end()
            except Stopped:
                stop_reason = StopReason.STOPPED
        best_epoch = self.best.epoch if self.best else None
        self.on_event(TrainingFinished(stop_reason, epochs_completed=self.epoch, best_epoch=best_epoch))
        return TrainingResult(self.network, self.scaling, self.history, stop_reason, best_epoch)

    def _train_epoch(self, epoch: int) -> None:
        """Train and evaluate one epoch and tell of it."""
        learning_rate = schedules.learning_rate(self.h, epoch)
        learned = self.learner.learn(epoch, learning_rate)
        validation = evaluate(self.network, self.reader, self.data.validation) if len(self.data.validation) else None
        test = evaluate(self.network, self.reader, self.data.test)
        result = EpochResult(
            epoch=epoch,
            train_cost=learned.cost,
            train_accuracy=learned.accuracy,
            validation_cost=validation.cost if validation else None,
            validation_accuracy=validation.accuracy if validation else None,
            test_cost=test.cost,
            test_accuracy=test.accuracy,
            learning_rate=learning_rate,
            gradient_evaluations=self.optimizer.steps,
            elapsed_seconds=self.clock.seconds,
            images_per_second=learned.images_per_second,
        )
        self.epoch = epoch
        self.history.append(result)
        self.diverged = self._has_diverged(result)
        is_best = not self.diverged and self._is_best(epoch, validation)
        predictions = replace(Predictions.from_outputs(test.probabilities, test.losses), predicted=test.predicted)
        self.on_event(EpochCompleted(result, predictions, self._checkpoint(), is_best))

    def _reason_to_end(self) -> StopReason | None:
        if self.diverged:
            return StopReason.DIVERGED
        if self.epoch >= self.h.epochs:
            return StopReason.COMPLETED
        if self.h.early_stopping and self.best and self.epoch - self.best.epoch >= self.h.patience:
            return StopReason.EARLY_STOPPING
        return None

    def _has_diverged(self, result: EpochResult) -> bool:
        """A cost is not finite, or the training cost is out of all proportion to that at the start.

        The test images, which decide nothing, have no say in it.
        """
        costs = [cost for cost in (result.train_cost, result.validation_cost) if cost is not None]
        return not all(map(math.isfinite, costs)) or costs[0] > self.h.divergence_factor * self.learner.first_cost

    def _is_best(self, epoch: int, validation: Evaluation | None) -> bool:
        if validation is None:
            return False
        candidate = BestEpoch(epoch, validation.accuracy, validation.cost)
        if not candidate.is_better_than(self.best):
            return False
        self.best = candidate
        return True

    def _checkpoint(self) -> Checkpoint:
        return Checkpoint(
            hyperparameters=self.h,
            epoch=self.epoch,
            parameters=self.network.parameters,
            optimizer_state=self.optimizer.state,
            optimizer_steps=self.optimizer.steps,
            random_state=self.streams.state,
            scaling_offset=self.scaling.offset,
            scaling_scale=self.scaling.scale,
            first_cost=self.learner.first_cost,
            best=self.best,
            elapsed_seconds=self.clock.seconds,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Stand where `checkpoint` was taken. Raises CheckpointError where it is of another run."""
        if checkpoint.hyperparameters.model_copy(update={"epochs": self.h.epochs}) != self.h:
            raise CheckpointError("the checkpoint is of a run with other hyperparameters")
        state = {"parameters": self.network.parameters, **self.optimizer.state}
        saved = {"parameters": checkpoint.parameters, **checkpoint.optimizer_state}
        if {name: array.shape for name, array in state.items()} != {name: array.shape for name, array in saved.items()}:
            raise CheckpointError("the checkpoint is of a network of another size")
        for name, array in saved.items():
            state[name][:] = array
        self.optimizer.steps = checkpoint.optimizer_steps
        self.streams.state = checkpoint.random_state
        self.learner.first_cost = checkpoint.first_cost
        self.clock.restart(checkpoint.elapsed_seconds)
        self.best = checkpoint.best
        self.epoch = checkpoint.epoch
