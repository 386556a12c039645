"""The setup of an experiment in the lab: its hyperparameters, its bugs and their layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nn.errors import HyperparameterError
from nn.hyperparameters.schema import Hyperparameters
from nn.lab.bug import Placement, Setting
from nn.lab.bugs import BUGS
from nn.lab.examples import Splits
from nn.lab.learner import Learner
from nn.model.network import count_parameters

MAX_UNITS = 64
MAX_LAYERS = 5
MAX_STEPS = 1000
MAX_WORK = 10**9  # images times parameters; both networks take a few seconds
MAX_SCALE = 2.0
MAX_BUGS = 4
DATASETS = ("digits", "digits_in_order", "and_gate", "or_gate", "xor_gate")
DEFAULTS: dict[str, object] = {
    "hidden_sizes": (16, 12),
    "activation": "tanh",
    "initializer": "glorot",
    "optimizer": "sgd",
    "learning_rate": 0.3,
    "batch_size": 20,
    "epochs": 8,
    "validation_fraction": 0,
    "dtype": "float64",
}
TABLE_DEFAULTS: dict[str, object] = {
    "hidden_sizes": (4, 4),
    "loss": "binary_cross_entropy",
    "bias_initializer": "normal",  # with zeros, the input (0, 0) would be at the kink of relu
    "batching": "full_batch",
    "learning_rate": 1.0,
    "epochs": 300,
}
# Hyperparameters that the lab does not vary, because the learner of the lab does not implement them.
FIXED: dict[str, object] = {
    "optimizer": "sgd",
    "momentum": 0.0,
    "nesterov": False,
    "schedule": "constant",
    "sampling": "without_replacement",
    "images_per_class": 0,
    "validation_fraction": 0.0,
    "crop": "none",
    "early_stopping": False,
    "dtype": "float64",
}


@dataclass(frozen=True, slots=True)
class BugChoice:
    """The id of a bug and the layer that has it, counted from 1. None stands for every layer that can have the bug."""

    bug_id: str
    layer: int | None = None


@dataclass(frozen=True, slots=True)
class LabSetup:
    """The hyperparameters of both networks, and the bugs of the wrong one."""

    hyperparameters: Hyperparameters
    setting: Setting
    placements: tuple[Placement, ...]

    @classmethod
    def parse(cls, choices: Sequence[BugChoice], values: Mapping[str, object]) -> LabSetup:
        """Return the setup with these bugs.

        Values that `values` omits are those that suit the bugs. Raises HyperparameterError with a message for each
        field that is invalid in the lab, hides a bug, or stops the program; the fields include `bug` and `layer`.
        """
        _check_choices(choices)
        h = _parse(choices, values)
        setting = setting_of(h)
        problems: dict[str, str] = {}
        for choice in choices:
            problems |= BUGS[choice.bug_id].problems(setting)
        if problems:
            raise HyperparameterError(problems)
        return cls(h, setting, tuple(_place(choice, setting) for choice in choices))

    def right_learner(self, splits: Splits) -> Learner:
        """Return a new learner without a bug."""
        return Learner(self.hyperparameters, splits)

    def wrong_learner(self, splits: Splits) -> Learner:
        """Return a new learner with all bugs. It starts from the same parameters, unless a bug changes them."""
        return learner_with(self.placements, self.hyperparameters, splits)


def learner_with(placements: Sequence[Placement], hyperparameters: Hyperparameters, splits: Splits) -> Learner:
    """Return a new learner with these bugs: a subclass of the class of each bug."""
    overrides = tuple(dict.fromkeys(placement.bug.override for placement in placements))
    layers: dict[str, set[int]] = {}
    for placement in placements:
        layers.setdefault(placement.bug.id, set()).update(placement.layers)
    kind: type[Learner] = type("WrongLearner", overrides or (Learner,), {})
    return kind(hyperparameters, splits, layers)


def setting_of(hyperparameters: Hyperparameters) -> Setting:
    """Return the sizes of the network and of its batches."""
    spec = hyperparameters.dataset_spec
    sizes = (hyperparameters.n_features, *hyperparameters.hidden_sizes, spec.n_outputs)
    return Setting(hyperparameters, sizes, hyperparameters.batch_size_for(spec.train_size))


def _check_choices(choices: Sequence[BugChoice]) -> None:
    if not 1 <= len(choices) <= MAX_BUGS:
        raise HyperparameterError({"bugs": f"must be 1 to {MAX_BUGS} bugs"})
    for choice in choices:
        if choice.bug_id not in BUGS:
            raise HyperparameterError({"bug": f"must be one of {', '.join(BUGS)}"})


def _parse(choices: Sequence[BugChoice], values: Mapping[str, object]) -> Hyperparameters:
    is_table = values.get("dataset") in DATASETS[2:]
    merged = DEFAULTS | (TABLE_DEFAULTS if is_table else {})
    for choice in choices:
        merged = {**merged, **BUGS[choice.bug_id].configuration}
    if is_table and "loss" not in values and merged["loss"] == "softmax_cross_entropy":
        merged["loss"] = TABLE_DEFAULTS["loss"]
    h = Hyperparameters.parse({**merged, **values})
    if problems := _problems(h):
        raise HyperparameterError(problems)
    return h


def _problems(h: Hyperparameters) -> dict[str, str]:
    """Return a message for each hyperparameter that the lab does not support."""
    problems = {
        name: f"must be {_text(value)} in the lab" for name, value in FIXED.items() if getattr(h, name) != value
    }
    if h.dataset not in DATASETS:
        problems["dataset"] = f"must be one of {', '.join(DATASETS)} in the lab"
    if len(h.hidden_sizes) > MAX_LAYERS:
        problems["hidden_sizes"] = f"must have at most {MAX_LAYERS} layers in the lab"
    elif any(size > MAX_UNITS for size in h.hidden_sizes):
        problems["hidden_sizes"] = f"must be at most {MAX_UNITS} units each in the lab"
    if h.initializer == "constant":
        problems["initializer"] = "must not be constant in the lab, because that is a bug of its own (B24)"
    elif h.initializer in {"normal", "uniform"} and not 0 < h.initializer_scale <= MAX_SCALE:
        problems["initializer_scale"] = f"must be greater than 0 and at most {MAX_SCALE:g} in the lab"
    return problems or _too_many_steps(h)


def _too_many_steps(h: Hyperparameters) -> dict[str, str]:
    """Return a message if training would take too many steps or too long."""
    setting = setting_of(h)
    n_steps = h.dataset_spec.train_size // setting.batch_size
    work = n_steps * setting.batch_size * count_parameters(setting.sizes)
    largest = min(MAX_STEPS // n_steps, MAX_WORK // work)
    if h.epochs <= largest:
        return {}
    if n_steps > MAX_STEPS:
        smallest = h.dataset_spec.train_size // (MAX_STEPS + 1) + 1
        return {"batch_size": f"must be at least {smallest:,}: the lab takes at most {MAX_STEPS:,} steps"}
    if MAX_STEPS // n_steps <= largest:
        reason = (
            f"the lab takes at most {MAX_STEPS:,} steps, and these are {h.epochs * n_steps:,}; lower it or raise the "
            "batch size"
        )
    else:
        reason = "more would take too long in the lab; lower it or use fewer hidden units"
    return {"epochs": f"must be at most {largest:,}: {reason}"}


def _place(choice: BugChoice, setting: Setting) -> Placement:
    bug = BUGS[choice.bug_id]
    layers = bug.layers(setting)
    if choice.layer is None:
        return Placement(bug, tuple(layers))
    if bug.scope == "network":
        raise HyperparameterError({"layer": f"must be omitted: {bug.id} is not in a single layer"})
    if choice.layer - 1 not in layers:
        allowed = ", ".join(str(layer + 1) for layer in layers)
        raise HyperparameterError({"layer": f"must be one of {allowed} for {bug.id} in this network"})
    return Placement(bug, (choice.layer - 1,))


def _text(value: object) -> str:
    return (
        {True: "on", False: "off"}[value]
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
