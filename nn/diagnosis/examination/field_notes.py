"""Notes of the form about a configuration: the findings before the first step that deserve attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nn.diagnosis.finding import Code, Diagnosis, Finding, Remedy
from nn.diagnosis.number_text import number_text
from nn.diagnosis.start_profile import StartProfile
from nn.hyperparameters.schema import Hyperparameters

NOTEWORTHY = 0.85  # confidence from which an observation becomes a note
LONG_STEP = 1.5  # step length relative to its limit; training often continues at the limit itself
# Without a step that is too long, these do no harm to plain gradient descent.
HARMLESS_IF_STABLE: frozenset[Code] = frozenset({"input_scale", "initial_cost", "summed_cost", "target_scale"})
ABOUT_STEPS: frozenset[Code] = frozenset({"learning_rate_too_high", "summed_cost"})
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

# The field that each finding concerns. The other findings concern the data set, not a field.
FIELDS: Mapping[Code, str] = MappingProxyType(
    {
        "input_scale": "input_scaling",
        "target_scale": "target_scaling",
        "initial_cost": "initializer",
        "saturated_units": "initializer",
        "dead_units": "initializer",
        "identical_units": "initializer",
        "exploding_gradient": "initializer",
        "too_small": "hidden_sizes",
        "vanishing_gradient": "activation",
        "saturated_squared_loss": "loss",
        "learning_rate_too_high": "learning_rate",
        "learning_rate_too_low": "learning_rate",
        "learning_rate_decayed": "schedule",
        "summed_cost": "reduction",
        "sorted_batches": "sampling",
    }
)
CONSTANTS = ("epsilon", "rho", "beta_2", "beta_1", "momentum")


@dataclass(frozen=True, slots=True)
class FieldNote:
    """A sentence about a configuration. `field` is the hyperparameter that it concerns, or None.

    `remedy` is the change that is most likely to help, or None if no hyperparameter can help.
    """

    code: Code
    field: str | None
    text: str
    remedy: Remedy | None


def field_notes(hyperparameters: Hyperparameters, start: StartProfile, diagnosis: Diagnosis) -> tuple[FieldNote, ...]:
    """Return at most one note for each field, the worst first.

    `diagnosis` is that of `examine_preflight`. Its findings become notes; its observations only if they are certain,
    because many networks with an unusual start learn well.
    """
    certain = [
        finding
        for finding in diagnosis.observations
        if finding.confidence >= NOTEWORTHY and not _is_harmless(hyperparameters, start, finding.code)
    ]
    notes: dict[object, FieldNote] = {}
    for finding in (*diagnosis.findings, *certain):
        note = _note(hyperparameters, start, finding)
        notes.setdefault(note.field or note.code, note)
    return tuple(notes.values())


def _is_harmless(h: Hyperparameters, start: StartProfile, code: Code) -> bool:
    length, limit = start.step_length, start.step_limit
    if code in ABOUT_STEPS and length is not None and limit is not None:
        return length <= limit * (1.0 if _is_quadratic(h) else LONG_STEP)
    return code in HARMLESS_IF_STABLE and length is not None and limit is not None and length <= limit


def _is_quadratic(h: Hyperparameters) -> bool:
    """Return True if the cost is a quadratic function of the weights, so that the limit of the step is exact."""
    is_linear = not h.hidden_sizes or h.activation == "linear"
    return is_linear and h.loss.endswith(("quadratic", "squared_error")) and h.output_activation == "linear"


def _note(h: Hyperparameters, start: StartProfile, finding: Finding) -> FieldNote:
    remedy = next((each for each in finding.remedies if each.changes), None)
    field = FIELDS.get(finding.code)
    if finding.code == "optimizer_constants":
        field = next((name for name in CONSTANTS if remedy and name in remedy.changes), "optimizer")
    write = SENTENCES.get(finding.code)
    text = write(h, start, finding) if write else f"{finding.title}."
    return FieldNote(finding.code, field, text, remedy)


def _layer(finding: Finding) -> str:
    return f"{ORDINALS[finding.layer - 1]} layer" if finding.layer else "network"


def _percent(fraction: float | None) -> str:
    """Return a percentage that is 100% only for a fraction of 1."""
    return f"{min(fraction or 0.0, 0.99) if fraction != 1 else 1:.0%}"


def _saturated(h: Hyperparameters, start: StartProfile, finding: Finding) -> str:
    layer = start.telemetry.layers[(finding.layer or 1) - 1]
    return (
        f"With these initial weights, {_percent(layer.saturated_fraction)} of the {_layer(finding)}'s {h.activation} "
        "units are saturated."
    )


def _dead(_h: Hyperparameters, start: StartProfile, finding: Finding) -> str:
    layer = start.telemetry.layers[(finding.layer or 1) - 1]
    return (
        f"With these initial weights, {_percent(layer.dead_fraction)} of the {_layer(finding)}'s ReLU units output 0 "
        "for every example."
    )


def _identical(_h: Hyperparameters, start: StartProfile, finding: Finding) -> str:
    layer = start.telemetry.layers[(finding.layer or 1) - 1]
    return (
        f"{_percent(layer.identical_fraction)} of the {_layer(finding)}'s units start with the same weights as another "
        "unit, so they remain equal."
    )


def _initial_cost(_h: Hyperparameters, start: StartProfile, finding: Finding) -> str:
    if "smaller" in finding.title:
        return f"{finding.title}, so the cost stays on a plateau at first."
    telemetry = start.telemetry
    return (
        f"With these initial weights, the cost before the first step is {number_text(telemetry.first_cost)} instead of "
        f"{number_text(telemetry.expected_first_cost)}."
    )


def _input_scale(_h: Hyperparameters, start: StartProfile, _finding: Finding) -> str:
    data = start.data
    size = "large" if data.input_mean_square > 1 else "small"
    return (
        f"The inputs are {size}: the largest is {number_text(data.largest_input)}, and their mean square is "
        f"{number_text(data.input_mean_square)}."
    )


def _target_scale(_h: Hyperparameters, start: StartProfile, _finding: Finding) -> str:
    data = start.data
    mean, deviation = number_text(data.target_mean or 0.0), number_text(data.target_std or 0.0)
    return f"The targets are large: their mean is up to {mean}, and their standard deviation up to {deviation}."


def _step(_h: Hyperparameters, start: StartProfile, finding: Finding) -> str:
    length, limit = start.step_length, start.step_limit
    if length is None or limit is None:
        return f"{finding.title}."
    return (
        f"The step length, which is the learning rate times the curvature, is {number_text(length)}. Gradient descent "
        f"overshoots above {number_text(limit)}."
    )


def _constants(_h: Hyperparameters, _start: StartProfile, finding: Finding) -> str:
    reason = finding.explanation.partition(": ")[2].partition(". ")[0].removesuffix(".")
    return f"{finding.title}: {reason}." if reason else f"{finding.title}."


SENTENCES: dict[Code, Callable[[Hyperparameters, StartProfile, Finding], str]] = {
    "saturated_units": _saturated,
    "dead_units": _dead,
    "identical_units": _identical,
    "initial_cost": _initial_cost,
    "input_scale": _input_scale,
    "target_scale": _target_scale,
    "learning_rate_too_high": _step,
    "optimizer_constants": _constants,
}
