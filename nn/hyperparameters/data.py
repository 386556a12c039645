"""What can be chosen about the data that a run learns from."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from nn.datasets.catalog import CATALOG, DatasetSpec
from nn.hyperparameters.fields import Integer, Real, shown

IMAGES = [name for name, spec in CATALOG.items() if spec.image_shape]
LARGE_IMAGES = [name for name, spec in CATALOG.items() if spec.image_shape == (28, 28)]
REGRESSIONS = [name for name, spec in CATALOG.items() if spec.target_names]
CENTER = (20, 20)


class DataHyperparameters(BaseModel):
    """The data, and what of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    dataset: Literal[
        "digits",
        "digits_in_order",
        "mnist",
        "fashion_mnist",
        "or_gate",
        "and_gate",
        "nand_gate",
        "xor_gate",
        "squares",
        "random_regression",
    ] = Field(
        "digits",
        description="The examples to learn from. The 8×8 digits come with the program and train in seconds.",
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
        json_schema_extra=shown("data", "Target scaling", when={"dataset": REGRESSIONS}),
    )
    crop: Literal["none", "center_20"] = Field(
        "none",
        description="center_20 keeps the middle 20×20 pixels of each image, which hold all but the edges of a digit. "
        "Half the weights, and nearly the same accuracy.",
        json_schema_extra=shown("data", "Crop", when={"dataset": LARGE_IMAGES}, advanced=True),
    )
    images_per_class: Integer = Field(
        0,
        ge=0,
        le=6000,
        description="How many training images to take of each class, the first ones; 0 takes all. Fewer train faster "
        "and overfit sooner.",
        json_schema_extra=shown("data", "Images per class", unit="images", when={"dataset": IMAGES}, advanced=True),
    )
    validation_fraction: Real = Field(
        0.1,
        ge=0,
        le=0.5,
        description="Share of the training images, the same from each class, that is held out to choose the best "
        "epoch and to stop early. 0 trains on everything and chooses nothing.",
        json_schema_extra=shown("data", "Validation share", when={"dataset": IMAGES}),
    )

    @property
    def dataset_spec(self) -> DatasetSpec:
        """The facts of the chosen data set."""
        return CATALOG[self.dataset]

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """Height and width of what the network is shown of an image; `None` for a table."""
        return CENTER if self.crop == "center_20" and self.dataset in LARGE_IMAGES else self.dataset_spec.image_shape

    @property
    def n_features(self) -> int:
        """Numbers that the network is shown of one example."""
        return self.image_shape[0] * self.image_shape[1] if self.image_shape else self.dataset_spec.n_features

    @property
    def train_size(self) -> int:
        """Training examples, before a validation split, by what the catalog says."""
        spec = self.dataset_spec
        takes_all = self.images_per_class == 0 or spec.image_shape is None
        return spec.train_size if takes_all else min(spec.train_size, self.images_per_class * spec.n_classes)

    @property
    def held_out_fraction(self) -> float:
        """Share of the training examples that is held out: none of a table, which is too small for it."""
        return self.validation_fraction if self.dataset_spec.image_shape else 0.0
