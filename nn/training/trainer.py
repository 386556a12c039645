"""Training of a network from hyperparameters and a data set, with events for its progress."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from nn.analysis.predictions import probabilities_of
from nn.array_types import FloatArray
from nn.datasets.dataset import Dataset
from nn.datasets.scaling import Scaling
from nn.errors import CheckpointError
from nn.examples.prepared_data import PreparedData
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.random_streams import RandomStreams
from nn.storage.checkpoint import BestEpoch, Checkpoint
from nn.training.batches import ExampleLoader
from nn.training.control import Control, StopRequested
from nn.training.evaluation import Evaluation, evaluate
from nn.training.events import EpochCompleted, EpochResult, StopReason, TrainingEvent, TrainingFinished, TrainingStarted
from nn.training.gradient_descent import EpochMetrics, GradientDescent
from nn.training.scipy_minimizer import ScipyMinimizer
from nn.training.stopwatch import Stopwatch
from nn.training.telemetry_setup import make_recorder


class _NoControl:
    def proceed(self) -> bool:
        return True

    def changes(self) -> Mapping[str, float]:
        return {}


@dataclass(frozen=True, slots=True, eq=False)
class TrainingResult:
    """The final network and the metrics of each completed epoch.

    If training stopped in the middle of an epoch, the network includes the steps of that epoch.
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
    telemetry: bool = True,
) -> TrainingResult:
    """Train until the last epoch, unless another StopReason ends training earlier.

    `dataset` is the whole data set; `train` holds out the validation split. The test split is evaluated after each
    epoch but does not influence training. A stop in the middle of an epoch discards the metrics of that epoch. With
    `resume_from`, training resumes after the epoch of this checkpoint. On the same kind of machine, the results are
    identical, bit for bit, to those of an uninterrupted run. `hyperparameters` may differ from those of the checkpoint
    only in `epochs`. Without `telemetry`, the results are the same, and the events contain no telemetry.

    Raises HyperparameterError if the data set is too small for the hyperparameters, and CheckpointError if
    `resume_from` belongs to another run. The function does not catch exceptions of `on_event` and `control`.
    """
    # Divergence is reported as a StopReason, so NumPy's warnings are not needed. Large products still use the second
    # thread of `nn.parallel`.
    with np.errstate(all="ignore"), threadpool_limits(1, user_api="blas"):
        prepared = PreparedData.of_run(hyperparameters, dataset)
        training = _Training(hyperparameters, prepared, on_event, control or _NoControl(), telemetry=telemetry)
        if resume_from is not None:
            training.restore(resume_from)
        return training.run()


class _Training:
    """The objects and the state of one training run."""

    def __init__(
        self,
        h: Hyperparameters,
        prepared: PreparedData,
        on_event: Callable[[TrainingEvent], None],
        control: Control,
        *,
        telemetry: bool,
    ) -> None:
        self.h = h
        self.data = data = prepared.dataset
        self.on_event = on_event
        self.streams = RandomStreams(h.seed)
        self.network = network = Network.from_hyperparameters(
            h, data.n_features, data.n_outputs, self.streams.initialization, dropout_rng=self.streams.dropout
        )
        self.scaling = prepared.scaling
        self.target_scaling = prepared.target_scaling
        self.grid_inputs = self._scale_grid()
        self.loader = ExampleLoader(data, self.scaling, h.dtype, network.max_rows, target_scaling=self.target_scaling)
        self.recorder = make_recorder(h, network, self.loader, data) if telemetry else None
        self.clock = Stopwatch()
        make_minimizer = ScipyMinimizer if h.searches else partial(GradientDescent, order=self.streams.order)
        self.minimizer = make_minimizer(
            h,
            network,
            self.loader,
            data.train,
            control=control,
            clock=self.clock,
            on_progress=on_event,
            recorder=self.recorder,
        )
        self.epoch = 0
        self.diverged = False
        self.best: BestEpoch | None = None
        self.history: list[EpochResult] = []
        self.clock.restart(0.0)  # excludes the time of the preparation

    def run(self) -> TrainingResult:
        """Train, epoch by epoch."""
        self.on_event(
            TrainingStarted(
                epochs=self.h.epochs,
                batches_per_epoch=self.minimizer.batches_per_epoch,
                train_size=len(self.data.train),
                validation_size=len(self.data.validation),
                test_size=len(self.data.test),
                parameter_count=self.network.parameter_count,
                train_rows=self.data.train.stored_rows,
            )
        )
        stop_reason = self._stop_reason()
        if stop_reason is None:
            try:
                self.minimizer.run(self.epoch + 1, self._complete_epoch)
                stop_reason = self._stop_reason() or StopReason.CONVERGED
            except StopRequested:
                stop_reason = StopReason.STOPPED
        best_epoch = self.best.epoch if self.best else None
        self.on_event(TrainingFinished(stop_reason, epochs_completed=self.epoch, best_epoch=best_epoch))
        return TrainingResult(self.network, self.scaling, self.history, stop_reason, best_epoch)

    def _complete_epoch(self, metrics: EpochMetrics) -> bool:
        """Evaluate the network after an epoch, report the results, and return True if training continues."""
        data, self.epoch = self.data, self.epoch + 1
        validation = evaluate(self.network, self.loader, data.validation) if len(data.validation) else None
        test = evaluate(self.network, self.loader, data.test) if len(data.test) else None
        weight = self.minimizer.cost_weight  # the training cost contains the mean loss times this factor
        result = EpochResult(
            epoch=self.epoch,
            train_cost=metrics.cost,
            train_accuracy=metrics.accuracy,
            validation_cost=validation.cost * weight if validation else None,
            validation_accuracy=validation.accuracy if validation else None,
            test_cost=test.cost * weight if test else None,
            test_accuracy=test.accuracy if test else None,
            learning_rate=metrics.learning_rate,
            gradient_evaluations=self.minimizer.gradient_evaluations,
            elapsed_seconds=self.clock.seconds,
            images_per_second=metrics.images_per_second,
        )
        self.history.append(result)
        self.diverged = self._has_diverged(result)
        is_best = not self.diverged and self._is_best(self.epoch, validation)
        is_last = self._stop_reason() is not None
        self.on_event(
            EpochCompleted(
                result,
                predictions=test.predictions if test else None,
                grid_outputs=self._grid_outputs(),
                checkpoint=self._checkpoint(),
                is_best=is_best,
                telemetry=self.recorder.after_epoch(is_last=is_last) if self.recorder else (),
            )
        )
        return not is_last

    def _scale_grid(self) -> FloatArray | None:
        """Return the scaled inputs of the data set's output grid, or None without a grid."""
        grid = self.data.output_grid
        if grid is None:
            return None
        inputs: FloatArray = np.empty(grid.inputs.shape, self.network.dtype)
        self.scaling.apply(grid.inputs, inputs)
        return inputs

    def _grid_outputs(self) -> FloatArray | None:
        """Return the network's outputs on the output grid, in the units of the data, or None without a grid."""
        if self.grid_inputs is None:
            return None
        if self.data.n_classes:
            return self._grid_probabilities(self.grid_inputs)
        return self.target_scaling.undo(self.network.predict_outputs(self.grid_inputs))

    def _grid_probabilities(self, inputs: FloatArray) -> NDArray[np.float32]:
        """Return the probabilities (n_points, 1) of class 1 in float32.

        They are rounded so that exactly the points of class 1 exceed ½, and that no probability below 1 becomes 1.
        """
        logits = self.network.predict_logits(inputs)
        probabilities = probabilities_of(self.network.loss.log_odds(logits))
        is_class_1 = self.network.loss.classes(logits)[:, np.newaxis] == 1
        lowest = np.where(is_class_1, np.nextafter(np.float32(0.5), np.float32(1.0)), np.float32(0.0))
        largest = np.where(probabilities < 1.0, np.nextafter(np.float32(1.0), np.float32(0.0)), np.float32(1.0))
        rounded = probabilities.astype(np.float32)
        return np.clip(rounded, lowest, np.where(is_class_1, largest, np.float32(0.5)))

    def _stop_reason(self) -> StopReason | None:
        if self.diverged:
            return StopReason.DIVERGED
        if self.epoch >= self.h.epochs:
            return StopReason.COMPLETED
        if self.h.early_stopping and self.best and self.epoch - self.best.epoch >= self.h.patience:
            return StopReason.EARLY_STOPPING
        return None

    def _has_diverged(self, result: EpochResult) -> bool:
        """Return True if a cost is not finite or the training cost far exceeds the initial cost.

        The test cost is not considered.
        """
        costs = [cost for cost in (result.train_cost, result.validation_cost) if cost is not None]
        return not all(map(math.isfinite, costs)) or costs[0] > self.h.divergence_factor * self.minimizer.first_cost

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
            optimizer_state=self.minimizer.state,
            optimizer_steps=self.minimizer.gradient_evaluations,
            random_state=self.streams.state,
            scaling_offset=self.scaling.offset,
            scaling_scale=self.scaling.scale,
            target_offset=self.target_scaling.offset,
            target_scale=self.target_scaling.scale,
            first_cost=self.minimizer.first_cost,
            best=self.best,
            elapsed_seconds=self.clock.seconds,
            diverged=self.diverged,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Restore the state in `checkpoint`. Raises CheckpointError if the checkpoint belongs to another run."""
        if checkpoint.hyperparameters.model_copy(update={"epochs": self.h.epochs}) != self.h:
            raise CheckpointError("the checkpoint belongs to a run with different hyperparameters")
        expected = {"parameters": self.network.parameters, **self.minimizer.state}
        stored = {"parameters": checkpoint.parameters, **checkpoint.optimizer_state}
        expected_shapes, shapes = ({name: array.shape for name, array in each.items()} for each in (expected, stored))
        if shapes != expected_shapes:
            raise CheckpointError("the checkpoint belongs to a network of a different size")
        self.minimizer.resume(checkpoint)
        self.streams.state = checkpoint.random_state
        self.clock.restart(checkpoint.elapsed_seconds)
        self.best = checkpoint.best
        self.epoch = checkpoint.epoch
        self.diverged = checkpoint.diverged
