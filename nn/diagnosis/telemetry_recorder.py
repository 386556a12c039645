"""The recorder of a run's telemetry, which measures the network during training without changing anything."""

from __future__ import annotations

import numpy as np

from nn.array_types import FloatArray
from nn.diagnosis.cost_levels import cost_before_learning
from nn.diagnosis.measurement.example_pass import ExamplePass, PassMeasurements
from nn.diagnosis.measurement.fixed_examples import FixedExamples
from nn.diagnosis.measurement.layer_norms import GradientNorms, LayerNorms, UpdateNorms
from nn.diagnosis.measurement.schedule import Steps, TelemetrySchedule
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network


class TelemetryRecorder:
    """Measures `network` at the moments of `schedule`.

    The recorder only reads the network's parameters and its gradient, and passes `examples` through buffers of its own.
    Therefore training gives the same results, bit for bit, with and without it. It must be created with the initial
    parameters, also for a run that resumes. The minimizer calls `begin_epoch`, then `before_step` and `after_step`
    around each step to watch; training calls `after_epoch`.
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
        self._updated_at = 0  # the number of the step `_update` (0: none), counted from the start of the run
        self._epoch = self._step = self._measured_step = 0
        self._measured: Steps = frozenset()
        self._gradients: list[GradientNorms] = []
        self._updates: list[UpdateNorms] = []
        self._moments: list[Telemetry] = []

    def begin_epoch(self, epoch: int) -> Steps:
        """Prepare for `epoch`, and return the steps to watch. Both count from 1."""
        steps = self._schedule.steps(epoch)
        self._epoch, self._measured, self._measured_step = epoch, steps.measured, 0
        self._gradients, self._updates = [], []
        return steps.watched

    def before_step(self, step: int) -> None:
        """Examine the parameters and the gradient before a step that is watched."""
        self._step = step
        np.copyto(self._before, self._network.parameters)
        if step in self._measured:
            self._measured_step = step
            self._gradients, self._updates = [norms.gradient() for norms in self._norms], []
            if self._epoch == step == 1:
                self._moments.append(self._moment(0, 0, self._initial))

    def after_step(self) -> None:
        """Examine the parameters after this step."""
        update = np.subtract(self._network.parameters, self._before, out=self._before)
        number = (self._epoch - 1) * self._schedule.n_steps + self._step
        if self._step in self._measured:
            earlier = self._update if self._updated_at == number - 1 > 0 else None
            self._updates = [norms.update(update, earlier) for norms in self._norms]
        self._before, self._update, self._updated_at = self._update, update, number
        if self._epoch == 1 and self._schedule.is_moment(self._step):
            measurements = self._pass.measure() if self._schedule.takes_pass_at(self._step) else None
            self._moments.append(self._moment(0, self._step, measurements))

    def after_epoch(self, *, is_last: bool) -> tuple[Telemetry, ...]:
        """Measure the network after the epoch, and return all moments since the epoch before.

        `is_last` is True if training ends with this epoch.
        """
        if is_last or self._schedule.measures(self._epoch):
            if self._measured_step != self._schedule.n_steps:
                # The last step was not measured, because the epoch or the run ended earlier than planned.
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
