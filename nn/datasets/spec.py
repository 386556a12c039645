"""The facts about a data set that are known before any of its files is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from nn.datasets.output_grid import OutputPlot

DatasetKind = Literal["images", "table"]
DatasetTask = Literal["classification", "regression"]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A compressed file of a data set.

    `size`, in bytes, and `md5` describe the file on the public mirrors. Both can differ on another mirror that
    compressed the content differently. `content_sha256` is the checksum of the uncompressed bytes, or empty if unknown.
    """

    name: str
    size: int
    md5: str
    content_sha256: str = ""

    @property
    def n_dimensions(self) -> int:
        """Number of dimensions of the array in the file, according to the file name: 3 for images, 1 for labels."""
        return 3 if "idx3" in self.name else 1


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """The facts about a data set.

    `train_size` and `test_size` are numbers of examples. `image_shape` is (height, width) in pixels, and `pixel_max` is
    the largest possible pixel value.

    `smallest_class` is the number of training images in the smallest class. `files` is empty if the data comes with the
    program; otherwise it lists training images, training labels, test images and test labels. `mirrors` are the
    addresses to which a download appends the name of a file. A table has `feature_names` instead of an `image_shape`; a
    regression has `target_names` instead of `class_names`. `output_plot` is the kind of plot that shows the outputs of
    a network that learns from a table.
    """

    name: str
    title: str
    description: str
    credit: str
    license: str
    homepage: str
    train_size: int
    test_size: int = 0
    smallest_class: int = 0
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    pixel_max: int = 1
    files: tuple[DataFile, ...] = ()
    mirrors: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    output_plot: OutputPlot | None = None

    @property
    def kind(self) -> DatasetKind:
        """The kind of the examples: images, or rows of a table."""
        return "images" if self.image_shape else "table"

    @property
    def task(self) -> DatasetTask:
        """The task of the network: to predict classes (classification) or target values (regression)."""
        return "regression" if self.target_names else "classification"

    @property
    def download_bytes(self) -> int:
        """Total size of all files, in bytes."""
        return sum(file.size for file in self.files)

    @property
    def n_features(self) -> int:
        """Number of inputs of one example."""
        return self.image_shape[0] * self.image_shape[1] if self.image_shape else len(self.feature_names)

    @property
    def n_classes(self) -> int:
        """Number of classes; 0 for a regression."""
        return len(self.class_names)

    @property
    def n_outputs(self) -> int:
        """Number of network outputs: one for each target or class, but a single output for two classes."""
        return len(self.target_names) or (1 if self.n_classes == 2 else self.n_classes)

    def to_json(self) -> str:
        """Return all facts as JSON for a worker process."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> DatasetSpec:
        """Return the facts that `to_json` wrote."""
        return _ADAPTER.validate_json(text)


_ADAPTER = TypeAdapter(DatasetSpec)
