"""The recorder of a run's telemetry, which measures the network during training without changing anything."""

from __future__ import annotations

import numpy as np

from nn.array_types import FloatArray
from nn.diagnosis.cost_levels import cost_before_learning
from nn.diagnosis.measurement.example_pass import ExamplePass, FixedExamples, PassMeasurements
from nn.diagnosis.measurement.layer_norms import GradientNorms, LayerNorms, UpdateNorms
from nn.diagnosis.measurement.schedule import EpochSteps, TelemetrySchedule
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network


class TelemetryRecorder:
    """Measures `network` at the moments of `schedule`.

    The recorder only reads the network's parameters and its gradient, and passes `examples` through buffers of its own.
    Therefore training gives the same results, bit for bit, with and without it. It must be created with the initial
    parameters, also for a run that resumes. The minimizer calls `begin_epoch`, and `before_step` and `after_step`
    around each step; training calls `after_epoch`.
    """

    def __init__(
        self, hyperparameters: Hyperparameters, network: Network, examples: FixedExamples, schedule: TelemetrySchedule
    ) -> None:
        self._network = network
        self._schedule = schedule
        self._norms = list(LayerNorms.of_layers(network, l1=hyperparameters.l1, l2=hyperparameters.l2))
        self._pass = ExamplePass(hyperparameters, network, examples)
        self._initial = self._pass.measure()
        self._first_costs = self._initial.outputs["cost"], cost_before_learning(hyperparameters, examples.targets)
        self._before: FloatArray = np.empty_like(network.parameters)
        self._update: FloatArray = np.empty_like(network.parameters)
        self._has_update = False  # True if `_update` is the step before the next step
        self._epoch = self._step = 0
        self._steps = EpochSteps(frozenset(), frozenset())
        self._gradients: list[GradientNorms] = []
        self._updates: list[UpdateNorms] = []
        self._moments: list[Telemetry] = []

    def begin_epoch(self, epoch: int) -> None:
        """Prepare for the first step of `epoch`, which counts from 1."""
        self._epoch, self._step, self._steps = epoch, 0, self._schedule.steps(epoch)
        self._gradients, self._updates = [], []

    def before_step(self) -> bool:
        """Examine the gradient of the next step, and return True if `after_step` must follow this step."""
        self._step += 1
        if self._step not in self._steps.watched:
            self._has_update = False
            return False
        np.copyto(self._before, self._network.parameters)
        if self._step in self._steps.measured:
            self._gradients = [norms.gradient() for norms in self._norms]
            if self._epoch == self._step == 1:
                self._moments.append(self._moment(0, 0, self._initial))
        return True

    def after_step(self) -> None:
        """Examine the step."""
        update = np.subtract(self._network.parameters, self._before, out=self._before)
        if self._step in self._steps.measured:
            earlier = self._update if self._has_update else None
            self._updates = [norms.update(update, earlier) for norms in self._norms]
        self._before, self._update, self._has_update = self._update, update, True
        if self._epoch == 1 and self._schedule.is_moment(self._step):
            measurements = self._pass.measure() if self._schedule.takes_pass_at(self._step) else None
            self._moments.append(self._moment(0, self._step, measurements))

    def after_epoch(self, *, is_last: bool) -> tuple[Telemetry, ...]:
        """Measure the network after the epoch, and return all moments since the epoch before.

        `is_last` is True if training ends with this epoch.
        """
        if is_last or self._schedule.measures(self._epoch):
            if self._step not in self._steps.measured:  # the epoch ended early, or only `is_last` asks for its moment
                self._gradients, self._updates = [], []
            takes_pass = is_last or self._schedule.takes_pass(self._epoch)
            self._moments.append(self._moment(self._epoch, None, self._pass.measure() if takes_pass else None))
        moments, self._moments = tuple(self._moments), []
        return moments

    def _moment(self, epoch: int, step: int | None, measurements: PassMeasurements | None) -> Telemetry:
        layers, outputs = measurements or PassMeasurements([{}] * len(self._norms), {})
        gradients = self._gradients or [norms.gradient() for norms in self._norms]
        updates = self._updates or [norms.weights() for norms in self._norms]
        return Telemetry(
            epoch,
            tuple(
                LayerTelemetry(norms.n_units, norms.n_parameters, **gradient, **update, **units)
                for norms, gradient, update, units in zip(self._norms, gradients, updates, layers, strict=True)
            ),
            *self._first_costs,
            step,
            **outputs,
        )
