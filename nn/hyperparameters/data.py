"""Hyperparameters of the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationInfo
from pydantic_core import PydanticCustomError

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry, DatasetSpec
from nn.hyperparameters.fields import Integer, Real, shown

CENTER = (20, 20)
LARGE_IMAGE = (28, 28)

# Conditions of the fields that apply only to some data sets. Each function returns True for these data sets.
DATASET_CONDITIONS: dict[str, Callable[[DatasetSpec], bool]] = {
    "target_scaling": lambda spec: spec.task == "regression",
    "crop": lambda spec: spec.image_shape == LARGE_IMAGE,
    "images_per_class": lambda spec: spec.kind == "images",
    "validation_fraction": lambda spec: spec.kind == "images",
}


def _check_dataset(value: object, info: ValidationInfo) -> object:
    datasets: DatasetRegistry = BUILT_IN_DATASETS if info.context is None else info.context
    if not isinstance(value, str) or value not in datasets:
        raise PydanticCustomError("unknown_dataset", "must be one of {names}", {"names": ", ".join(datasets.names)})
    return value


DatasetName = Annotated[str, BeforeValidator(_check_dataset)]


class DataFields(BaseModel):
    """The data set, its scaling, and the part of it that a run uses."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    _datasets: DatasetRegistry = PrivateAttr()

    dataset: DatasetName = Field(
        "digits",
        description="Examples to learn from. The 8×8 digits come with the program and train in seconds.",
        json_schema_extra=shown("data", "Data set"),
    )
    input_scaling: Literal["none", "unit", "standardize"] = Field(
        "unit",
        description="Scaling of the inputs. none uses the stored values; unit divides pixels by their maximum, so "
        "that they lie between 0 and 1, and leaves other values unchanged; standardize gives each input mean 0 and "
        "standard deviation 1 over the training examples. If the cost hardly changes or increases, do not use none.",
        json_schema_extra=shown("data", "Input scaling"),
    )
    target_scaling: Literal["none", "standardize"] = Field(
        "none",
        description="Scaling of the target values. standardize gives each target mean 0 and standard deviation 1 over "
        "the training examples. If the cost of a regression increases, use it.",
        json_schema_extra=shown("data", "Target scaling"),
    )
    crop: Literal["none", "center_20"] = Field(
        "none",
        description="Part of each image that the network gets. center_20 crops it to the central 20×20 pixels, which "
        "contain all but the margins of a digit. It halves the number of weights, with nearly the same accuracy.",
        json_schema_extra=shown("data", "Crop", advanced=True),
    )
    images_per_class: Integer = Field(
        0,
        ge=0,
        le=6000,
        description="Number of training images of each class, the first ones in the file; 0 uses all. Fewer images "
        "train faster but overfit sooner.",
        json_schema_extra=shown("data", "Images per class", unit="images", names={"0": "all"}, advanced=True),
    )
    validation_fraction: Real = Field(
        0.1,
        ge=0,
        le=0.5,
        description="Fraction of the training images, the same in each class, that is held out to select the best "
        "epoch and to stop early. With 0 the network trains on all images, and no best epoch is selected.",
        json_schema_extra=shown("data", "Validation split"),
    )

    def model_post_init(self, context: DatasetRegistry | None, /) -> None:
        """Store `context`, the registry that contains the data set. By default, it is the built-in registry."""
        self._datasets = BUILT_IN_DATASETS if context is None else context

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    @property
    def dataset_spec(self) -> DatasetSpec:
        """The facts about the chosen data set."""
        return self._datasets.get(self.dataset)

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """Height and width of the network's input image in pixels; None for a table."""
        shape = self.dataset_spec.image_shape
        return CENTER if self.crop == "center_20" and shape == LARGE_IMAGE else shape

    @property
    def n_features(self) -> int:
        """Number of inputs of the network."""
        return self.image_shape[0] * self.image_shape[1] if self.image_shape else self.dataset_spec.n_features

    @property
    def train_size(self) -> int:
        """Number of training examples before a validation split is held out, according to the registry."""
        spec = self.dataset_spec
        takes_all = self.images_per_class == 0 or spec.kind == "table"
        return spec.train_size if takes_all else min(spec.train_size, self.images_per_class * spec.n_classes)

    @property
    def held_out_fraction(self) -> float:
        """Fraction of the training examples that is held out for validation; 0 for a table, which is too small."""
        return self.validation_fraction if self.dataset_spec.kind == "images" else 0.0
