"""What can be chosen about the data that a run learns from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationInfo
from pydantic_core import PydanticCustomError

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry, DatasetSpec
from nn.hyperparameters.fields import Integer, Real, shown

CENTER = (20, 20)
LARGE_IMAGE = (28, 28)

# Fields that apply to some data sets only.
DATASET_CONDITIONS: dict[str, Callable[[DatasetSpec], bool]] = {
    "target_scaling": lambda spec: spec.task == "regression",
    "crop": lambda spec: spec.image_shape == LARGE_IMAGE,
    "images_per_class": lambda spec: spec.kind == "images",
    "validation_fraction": lambda spec: spec.kind == "images",
}


def _check_dataset(value: object, info: ValidationInfo) -> object:
    datasets: DatasetRegistry = info.context or BUILT_IN_DATASETS
    if not isinstance(value, str) or value not in datasets:
        raise PydanticCustomError("unknown_dataset", "must be one of {names}", {"names": ", ".join(datasets.names)})
    return value


DatasetName = Annotated[str, BeforeValidator(_check_dataset)]


class DataHyperparameters(BaseModel):
    """The data, and what of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    _datasets: DatasetRegistry = PrivateAttr(BUILT_IN_DATASETS)

    dataset: DatasetName = Field(
        "digits",
        description="Examples to learn from. The 8×8 digits come with the program and train in seconds.",
        json_schema_extra=shown("data", "Data set"),
    )
    input_scaling: Literal["none", "unit", "standardize"] = Field(
        "unit",
        description="none keeps what is stored; unit divides pixels so that they lie in 0…1, and leaves other numbers; "
        "standardize gives each input mean 0 and standard deviation 1 over the training examples. If the cost barely "
        "moves or runs away, do not use none.",
        json_schema_extra=shown("data", "Input scaling"),
    )
    target_scaling: Literal["none", "standardize"] = Field(
        "none",
        description="standardize gives each number to predict mean 0 and standard deviation 1 over the training "
        "examples. If the cost of a regression runs away, use it.",
        json_schema_extra=shown("data", "Target scaling"),
    )
    crop: Literal["none", "center_20"] = Field(
        "none",
        description="center_20 keeps the middle 20×20 pixels of each image, which hold all but the edges of a digit. "
        "Half the weights, and nearly the same accuracy.",
        json_schema_extra=shown("data", "Crop", advanced=True),
    )
    images_per_class: Integer = Field(
        0,
        ge=0,
        le=6000,
        description="How many training images to take of each class, the first ones; 0 takes all. Fewer train faster "
        "and overfit sooner.",
        json_schema_extra=shown("data", "Images per class", unit="images", advanced=True),
    )
    validation_fraction: Real = Field(
        0.1,
        ge=0,
        le=0.5,
        description="Share of the training images, the same from each class, that is held out to choose the best "
        "epoch and to stop early. 0 trains on everything and chooses nothing.",
        json_schema_extra=shown("data", "Validation share"),
    )

    def model_post_init(self, context: DatasetRegistry | None, /) -> None:
        """Remember the registry that the data set's name was checked against, the built-in one by default."""
        self._datasets = context or BUILT_IN_DATASETS

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
        """Height and width of what the network is shown of an image; `None` for a table."""
        shape = self.dataset_spec.image_shape
        return CENTER if self.crop == "center_20" and shape == LARGE_IMAGE else shape

    @property
    def n_features(self) -> int:
        """Numbers that the network is shown of one example."""
        return self.image_shape[0] * self.image_shape[1] if self.image_shape else self.dataset_spec.n_features

    @property
    def train_size(self) -> int:
        """Training examples, before a validation split, by what the catalog says."""
        spec = self.dataset_spec
        takes_all = self.images_per_class == 0 or spec.kind == "table"
        return spec.train_size if takes_all else min(spec.train_size, self.images_per_class * spec.n_classes)

    @property
    def held_out_fraction(self) -> float:
        """Share of the training examples that is held out: none of a table, which is too small for it."""
        return self.validation_fraction if self.dataset_spec.kind == "images" else 0.0
