"""The data sets that a run can use, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nn.datasets.catalog import CATALOG
from nn.datasets.spec import DatasetSpec
from nn.errors import DatasetError


class DatasetRegistry:
    """Data sets by name, in the order in which pages list them.

    A server creates one registry when it starts and passes it to every part that needs the facts about a data set. The
    method `add` adds imported data sets. A worker process receives the spec of its data set as JSON and creates a
    registry from the spec. Therefore it can load a data set that was added after the server started.
    """

    def __init__(self, specs: Iterable[DatasetSpec]) -> None:
        self._specs: dict[str, DatasetSpec] = {}
        for spec in specs:
            self.add(spec)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all data sets."""
        return tuple(self._specs)

    def get(self, name: str) -> DatasetSpec:
        """Return the facts about the data set `name`.

        Raises DatasetError if the name is unknown; the message lists the known names.
        """
        if name not in self._specs:
            raise DatasetError(f"There is no data set named {name!r}; there are {', '.join(self._specs)}.")
        return self._specs[name]

    def add(self, spec: DatasetSpec) -> None:
        """Add a data set. Raises DatasetError if its name is already in use."""
        if spec.name in self._specs:
            raise DatasetError(f"A data set already has the name {spec.name!r}; choose another name.")
        self._specs[spec.name] = spec

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    def __iter__(self) -> Iterator[DatasetSpec]:
        return iter(tuple(self._specs.values()))

    def __len__(self) -> int:
        return len(self._specs)


def built_in_registry() -> DatasetRegistry:
    """Return a new registry of the built-in data sets."""
    return DatasetRegistry(CATALOG)


BUILT_IN_DATASETS = built_in_registry()
