"""The hyperparameters of a run in one frozen model. Each has a default, bounds, a unit, a label and a help text.

The form, the JSON API and the worker all use this model, so a value has the same meaning in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any, Self

from pydantic import ValidationError

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry
from nn.errors import HyperparameterError
from nn.hyperparameters.data import DATASET_CONDITIONS
from nn.hyperparameters.fields import GROUPS
from nn.hyperparameters.messages import field_messages
from nn.hyperparameters.network import SQUARED_LOSSES
from nn.hyperparameters.regularization import RegularizationFields

__all__ = ["GROUPS", "Hyperparameters", "describe_fields"]

MAX_WINDOWED = 10_000_000  # largest number of indices in an epoch of sliding windows, because all of them are in memory


class Hyperparameters(RegularizationFields):
    """The values that, together with the data, determine a run; on the same kind of machine, bit for bit."""

    @classmethod
    def parse(cls, values: object, datasets: DatasetRegistry = BUILT_IN_DATASETS) -> Self:
        """Return the hyperparameters in `values`. The data set must be one of `datasets`.

        The method checks each value alone, and then all values together. Raises HyperparameterError with a message for
        each invalid field.
        """
        try:
            hyperparameters = cls.model_validate(values, context=datasets)
        except ValidationError as error:
            raise HyperparameterError(field_messages(error, cls.model_fields)) from None
        hyperparameters.check_together()
        return hyperparameters

    @classmethod
    def restore(cls, values: dict[str, Any], datasets: DatasetRegistry = BUILT_IN_DATASETS) -> Hyperparameters:
        """Return the hyperparameters in `values`, which were stored earlier.

        If they are no longer valid, because an older version stored them, return them without validation.
        """
        try:
            return cls.model_validate(values, context=datasets)
        except ValidationError:
            hyperparameters = cls.model_construct(**values)
            hyperparameters.model_post_init(datasets)
            return hyperparameters

    def changed(self, changes: Mapping[str, object]) -> Self:
        """Return these hyperparameters with `changes`. Raises HyperparameterError like `parse`."""
        return self.parse({**self.model_dump(), **changes}, self._datasets)

    def check_together(self, train_size: int | None = None) -> None:
        """Raise HyperparameterError if values that are valid alone contradict each other or do not fit the data.

        `train_size` is the actual number of training examples before a validation split is held out. By default, it is
        the number in the registry.
        """
        train_size = self.train_size if train_size is None else train_size
        problems = {**self._data_problems(train_size), **self._loss_problems(), **self._optimizer_problems()}
        if problems:
            raise HyperparameterError(problems)

    def _data_problems(self, train_size: int) -> dict[str, str]:
        problems: dict[str, str] = {}
        validation_size = round(train_size * self.held_out_fraction)
        n_left = train_size - validation_size
        if self.held_out_fraction > 0 and validation_size < self.dataset_spec.n_classes:
            problems["validation_fraction"] = (
                f"must hold out at least one image of each class, not {validation_size} for "
                f"{self.dataset_spec.n_classes} classes; raise it or use 0"
            )
        smallest = self.dataset_spec.smallest_class
        if self.dataset_spec.kind == "images" and self.images_per_class > smallest:
            problems["images_per_class"] = f"must be at most {smallest:,}, the number of images in the smallest class"
        if self.early_stopping and self.held_out_fraction == 0:
            if self.dataset_spec.kind == "images":
                problems["validation_fraction"] = (
                    "must be greater than 0 for early stopping; raise it or switch early stopping off"
                )
            else:
                problems["early_stopping"] = "must be off: this data set is too small for a validation split"
        if self.batching == "mini_batch" and self.batch_size > n_left:
            problems["batch_size"] = (
                f"must be at most {n_left:,}, the number of training examples; lower it or choose full-batch training"
            )
        elif self.takes_windows and n_left * self.batch_size > MAX_WINDOWED:
            problems["batch_size"] = (
                f"must be at most {MAX_WINDOWED // n_left:,} with sliding_window, which takes one step for each of "
                f"{n_left:,} images; lower it or choose another sampling"
            )
        return problems

    def _loss_problems(self) -> dict[str, str]:
        spec = self.dataset_spec
        if spec.task == "regression" and self.loss not in SQUARED_LOSSES:
            return {"loss": f"must be one of {', '.join(SQUARED_LOSSES)}: this data set has target values, not classes"}
        if spec.task == "regression" and self.output_activation != "linear":
            return {"output_activation": "must be linear, because target values can be any number"}
        if spec.n_outputs == 1 and self.loss == "softmax_cross_entropy":
            return {"loss": "must not be softmax_cross_entropy for a single output; choose binary_cross_entropy"}
        return {}

    def _optimizer_problems(self) -> dict[str, str]:
        if not self.searches:
            needs_momentum = self.optimizer == "sgd" and self.nesterov and self.momentum == 0
            problem = "needs a momentum greater than 0; raise the momentum or switch Nesterov off"
            return {"nesterov": problem} if needs_momentum else {}
        problems: dict[str, str] = {}
        if self.batching != "full_batch":
            problems["batching"] = f"must be full_batch, because {self.optimizer} compares costs of the same examples"
        if self.l1 > 0:
            problems["l1"] = f"must be 0, because |w| has no derivative at 0, which {self.optimizer} needs; use l2"
        if self.dropout_rate > 0:
            problems["dropout_rate"] = f"must be 0, because {self.optimizer} needs a cost without randomness; use l2"
        return problems


def describe_fields(datasets: DatasetRegistry = BUILT_IN_DATASETS) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each field.

    The schema of the field `dataset` lists all data sets. If a field applies only to some data sets, its schema lists
    these data sets.
    """
    fields = deepcopy(_json_schema())
    fields["dataset"] |= {"enum": list(datasets.names), "choice_names": {spec.name: spec.title for spec in datasets}}
    for name, applies in DATASET_CONDITIONS.items():
        fields[name]["applies_when"] |= {"dataset": [spec.name for spec in datasets if applies(spec)]}
    return fields


@cache
def _json_schema() -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = Hyperparameters.model_json_schema()["properties"]
    return properties
