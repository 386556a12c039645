"""Full-batch optimizers of SciPy, which find the length of each step by line search."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import FloatArray
from nn.datasets.dataset import Split
from nn.diagnosis.telemetry_recorder import TelemetryRecorder
from nn.errors import CheckpointError
from nn.hyperparameters.fields import MAX_EPOCHS
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.storage.checkpoint import Checkpoint
from nn.training.batches import ExampleLoader
from nn.training.control import Control, StopRequested
from nn.training.evaluation import score
from nn.training.events import BatchProgress
from nn.training.gradient_descent import SECONDS_BETWEEN_PROGRESS, EpochMetrics
from nn.training.stopwatch import Stopwatch

# conjugate_gradient: E. Polak and G. Ribière, 1969, with the line search of J. Nocedal and S. Wright, "Numerical
# Optimization", 2006, chapter 3. lbfgs: R. Byrd, P. Lu, J. Nocedal and C. Zhu, "A Limited Memory Algorithm for Bound
# Constrained Optimization", 1995. Neither stops at a tolerance. Each ends after the last epoch, or if no step lowers
# the cost.
METHODS: dict[str, tuple[str, dict[str, float]]] = {
    "conjugate_gradient": ("CG", {"gtol": 0.0}),
    "lbfgs": ("L-BFGS-B", {"gtol": 0.0, "ftol": 0.0, "maxfun": math.inf}),
}


class ScipyMinimizer:
    """A minimizer with one of METHODS.

    Each iteration counts as an epoch and evaluates all examples of `split` at least once.

    `batches_per_epoch` is 1, and `first_cost` is the cost before the first iteration. `gradient_evaluations` is the
    number of times that the cost and its gradient were computed. The cost is the mean loss times `cost_weight`, plus
    the weight penalty. `recorder` measures each iteration as one step.
    """

    def __init__(
        self,
        hyperparameters: Hyperparameters,
        network: Network,
        loader: ExampleLoader,
        split: Split,
        *,
        control: Control,
        clock: Stopwatch,
        on_progress: Callable[[BatchProgress], None],
        recorder: TelemetryRecorder | None = None,
    ) -> None:
        # Imported here because the import is slow and few runs need it.
        from scipy.optimize import minimize  # noqa: PLC0415

        self.batches_per_epoch = 1
        self.first_cost = math.nan
        self.gradient_evaluations = 0
        self.state: dict[str, FloatArray] = {}
        self._minimize = minimize
        self._method, self._options = METHODS[hyperparameters.optimizer]
        self._network = network
        self._loader = loader
        self._split = split
        self.cost_weight = len(split) if hyperparameters.reduction == "sum" else 1
        self._control = control
        self._clock = clock
        self._on_progress = on_progress
        self._recorder = recorder
        self._epoch = 1
        self._is_watched = False  # True if the telemetry watches this iteration
        self._resumed: Checkpoint | None = None
        self._started = self._reported = 0.0
        self._evaluated = 0
        self._seen: dict[int, tuple[float, int]] = {}  # cost and correct predictions for each hash of parameters

    def resume(self, checkpoint: Checkpoint) -> None:
        """Resume from `checkpoint` in the next call of `run`.

        SciPy's internal state cannot be stored. Therefore `run` repeats the earlier iterations without reporting them.
        This gives the same state, because nothing is random.
        """
        self._resumed = replace(checkpoint, parameters=checkpoint.parameters.copy())

    def run(self, _epoch: int, on_epoch: Callable[[EpochMetrics], bool]) -> None:
        """Iterate until `on_epoch` returns False or no further step lowers the cost.

        `on_epoch` receives the cost and accuracy from before the iteration, although the network already has its new
        parameters. Raises StopRequested, and CheckpointError if repeated iterations give other parameters.
        """
        start = self._network.parameters.astype(np.float64)
        before = _hash(start)
        elapsed_seconds = self._clock.seconds
        has_iterated = False

        def after(intermediate_result: Any) -> None:
            nonlocal before, has_iterated
            has_iterated = True
            parameters = intermediate_result.x
            metrics = self._epoch_metrics(*self._seen[before])
            before = _hash(parameters)
            self._seen = {before: self._seen[before]}
            self._network.parameters[:] = parameters
            self._end_step()
            if self._is_repeated:
                self._check_repeated()
                self._clock.restart(elapsed_seconds)
            elif not on_epoch(metrics):
                raise StopIteration
            self._epoch += 1
            self._begin_iteration()
            self._begin_step()

        self._begin_iteration()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a failed line search needs no warning: it is a normal end of training
            found = self._minimize(
                self._cost_and_gradient,
                start,
                jac=True,
                method=self._method,
                callback=after,
                options={**self._options, "maxiter": MAX_EPOCHS},
            )
        self._network.parameters[:] = found.x  # the optimizer may have rejected the last parameters that it tried
        if self._is_repeated:
            raise CheckpointError("the iterations before the checkpoint cannot be repeated: they end earlier this time")
        if not math.isfinite(found.fun):
            on_epoch(self._epoch_metrics(math.nan, 0))
        elif not has_iterated:  # no step lowers the initial cost: report one epoch without a change
            on_epoch(self._epoch_metrics(*self._seen[before]))

    @property
    def _is_repeated(self) -> bool:
        """True if this iteration repeats an iteration from before the checkpoint."""
        return self._resumed is not None and self._epoch <= self._resumed.epoch

    def _check_repeated(self) -> None:
        resumed = self._resumed
        if resumed and self._epoch == resumed.epoch and (self._network.parameters != resumed.parameters).any():
            raise CheckpointError("the iterations before the checkpoint cannot be repeated: rounding differs this time")

    def _begin_iteration(self) -> None:
        self._started = self._reported = self._clock.seconds
        self._evaluated = 0

    def _begin_step(self) -> None:
        """Show the telemetry the parameters and the gradient before an iteration."""
        if self._recorder and not self._is_repeated:
            self._is_watched = 1 in self._recorder.begin_epoch(self._epoch)
            if self._is_watched:
                self._recorder.before_step(1)

    def _end_step(self) -> None:
        if self._recorder and self._is_watched:
            self._recorder.after_step()

    def _epoch_metrics(self, cost: float, n_correct: int) -> EpochMetrics:
        if math.isnan(self.first_cost):
            self.first_cost = cost
        accuracy = None if self._split.targets is not None else n_correct / len(self._split)
        seconds = max(self._clock.seconds - self._started, 1e-9)
        return EpochMetrics(cost, accuracy, None, self._evaluated * len(self._split) / seconds)

    def _cost_and_gradient(self, parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Return the cost of all examples at `parameters` (parameter_count,), and its gradient."""
        network, n_examples = self._network, len(self._split)
        network.parameters[:] = parameters
        loss_sum, n_correct = 0.0, 0
        for index, chunk in enumerate(self._loader.read(self._split)):
            if not self._clock.run_uncounted(self._control.proceed):
                raise StopRequested
            losses, chunk_correct = score(network, network.forward(chunk.inputs), chunk)
            loss_sum, n_correct = loss_sum + float(losses.sum()), n_correct + chunk_correct
            network.backward(chunk.targets, n_examples, accumulate=index > 0)
        cost = self.cost_weight * loss_sum / n_examples + network.penalty()
        self.gradient_evaluations += 1
        self._evaluated += 1
        self._seen[_hash(parameters)] = (cost, n_correct)
        self._report_progress(cost)
        if self.gradient_evaluations == 1:  # before the first iteration
            self._begin_step()
        return cost, network.gradient.astype(np.float64)

    def _report_progress(self, cost: float) -> None:
        now = self._clock.seconds
        if now - self._reported >= SECONDS_BETWEEN_PROGRESS and not self._is_repeated:
            self._reported = now
            images_per_second = self._evaluated * len(self._split) / (now - self._started)
            self._on_progress(BatchProgress(self._epoch, 1, 1, cost, images_per_second))


def _hash(parameters: NDArray[np.float64]) -> int:
    return hash(parameters.tobytes())
