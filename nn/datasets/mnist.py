"""A loader of MNIST and other data sets that consist of four IDX files.

Each file is uncompressed once into a memory-mapped array.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.array_files import check_array_size
from nn.atomic_write import replace_atomically
from nn.datasets.dataset import Dataset, Split
from nn.datasets.idx import IdxError, IdxFile, open_idx
from nn.datasets.spec import DataFile, DatasetSpec
from nn.errors import DatasetError, DatasetMissingError

MAX_DEPTH = 3
MAX_ENTRIES = 1000
MAX_NAMED = 5
COPY_MARKS = re.compile(r"^copy of |(\.gz|\s*\([^()]*\)|(\s*-)?\s+copy(\s+\d+)?|-\d\d?)+$")


def load_mnist(spec: DatasetSpec, datasets_dir: Path, cache_dir: Path) -> Dataset:
    """Load images (n, n_features) and labels (n,), both uint8. The images are mapped from `cache_dir/<name>`.

    The number of images must equal the number of labels, but may differ from the number in `spec`. Raises
    DatasetMissingError if a file is missing, and DatasetError if a file is invalid or the cache cannot be written.
    """
    missing = missing_files(spec, datasets_dir)
    if missing:
        raise DatasetMissingError(f"{spec.title} is missing. {placement_instruction(spec, missing, datasets_dir)}")
    cache = _Cache(cache_dir / spec.name)
    train_images, train_labels, test_images, test_labels = (_find(spec, file, datasets_dir) for file in spec.files)
    return Dataset.from_splits(
        spec,
        train=_load_split(spec, cache, train_images, train_labels),
        test=_load_split(spec, cache, test_images, test_labels),
    )


def missing_files(spec: DatasetSpec, datasets_dir: Path) -> list[DataFile]:
    """Return the files of a data set that do not exist at any of their possible paths."""
    return [file for file in spec.files if not any(map(_is_file, possible_paths(spec, file, datasets_dir)))]


def stored_sizes(spec: DatasetSpec, datasets_dir: Path) -> tuple[int, int] | None:
    """Return the numbers of training and test examples according to the headers of the files.

    Return None if a file is missing or has no valid header.
    """
    if not spec.files or missing_files(spec, datasets_dir):
        return None
    sizes = []
    for labels in (spec.files[1], spec.files[3]):
        try:
            with open_idx(_find(spec, labels, datasets_dir), labels.n_dimensions) as file:
                sizes.append(file.shape[0])
        except DatasetError:
            return None
    return sizes[0], sizes[1]


def possible_paths(spec: DatasetSpec, file: DataFile, datasets_dir: Path) -> list[Path]:
    """Return the possible paths of a file; a download writes to the first one.

    If the file is at none of the usual paths, the list ends with copies whose name another program has changed.
    """
    folders = dict.fromkeys((spec.name, spec.name.replace("_", "-")))
    names = (file.name, file.name.removesuffix(".gz"))
    usual = [datasets_dir / folder / name for folder in folders for name in names]
    if any(map(_is_file, usual)):
        return usual
    wanted = original_name(file.name)
    return usual + [path for path in _present_files(spec, datasets_dir) if original_name(path.name) == wanted]


def placement_instruction(spec: DatasetSpec, files: Iterable[DataFile], datasets_dir: Path) -> str:
    """Return an instruction for users without a network connection: which files to put into which folder.

    It names files that are present but cannot be used, because of their names or because of their folder.
    """
    names = ", ".join(file.name for file in files)
    instruction = f"Put {names} into {datasets_dir / spec.name} and start again."
    known = {original_name(file.name) for file in spec.files}
    misplaced = [path for path in _files_in(datasets_dir, depth=0) if original_name(path.name) in known]
    misnamed = [path for path in _present_files(spec, datasets_dir) if original_name(path.name) not in known]
    unused = [str(path.relative_to(datasets_dir)) for path in misplaced + misnamed]
    if not unused:
        return instruction
    more = f" and {len(unused) - MAX_NAMED} more" if len(unused) > MAX_NAMED else ""
    named = ", ".join(unused[:MAX_NAMED]) + more
    return f"{instruction} Not used from {datasets_dir}, because of their name or folder: {named}."


def original_name(name: str) -> str:
    """Return the name of a file without .gz, and without the changes that people's programs make.

    7-Zip writes a dot for a hyphen, browsers and file managers number copies, and some systems ignore case.
    """
    return re.sub(r"[\s._-]+", "-", COPY_MARKS.sub("", name.lower()))


def _present_files(spec: DatasetSpec, datasets_dir: Path) -> list[Path]:
    """Return the files in the folders of a data set and their subfolders, those in the fewest subfolders first.

    Archive programs and other libraries create subfolders, such as MNIST/raw. A subfolder of another variant of MNIST
    does not belong to the data set, because its files have the same names.
    """
    wanted = _letters(spec.name)
    folders = [path for path in _subfolders(datasets_dir) if _letters(path.name) == wanted]
    found = [path for folder in folders for path in _files_in(folder, depth=MAX_DEPTH, wanted=wanted)]
    return sorted(found, key=lambda path: (len(path.parts), path))


def _files_in(folder: Path, *, depth: int, wanted: str = "") -> list[Path]:
    """Return the visible files of a folder and of `depth` levels of subfolders that belong to no other data set."""
    found = [path for path in _entries(folder) if _is_file(path)]
    if depth:
        for subfolder in _subfolders(folder):
            if not _letters(subfolder.name).endswith("mnist") or _letters(subfolder.name) == wanted:
                found += _files_in(subfolder, depth=depth - 1, wanted=wanted)
    return found


def _subfolders(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if _is_folder(path)]


def _entries(folder: Path) -> list[Path]:
    try:
        return [path for path in islice(folder.iterdir(), MAX_ENTRIES) if not path.name.startswith(".")]
    except OSError:  # the folder does not exist or cannot be read
        return []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # no permission to read the folder that contains it
        return False


def _letters(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _find(spec: DatasetSpec, file: DataFile, datasets_dir: Path) -> Path:
    return next(path for path in possible_paths(spec, file, datasets_dir) if _is_file(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no permission to read the folder
        return False


def _load_split(spec: DatasetSpec, cache: _Cache, images_path: Path, labels_path: Path) -> Split:
    with open_idx(labels_path, 1) as labels_file, open_idx(images_path, 3) as images_file:
        if images_file.shape[1:] != spec.image_shape:
            shown, wanted = ("×".join(map(str, shape)) for shape in (images_file.shape[1:], spec.image_shape or ()))
            raise IdxError(images_path, f"contains images of {shown} pixels, but {spec.title} has {wanted}")
        n_images, n_labels = images_file.shape[0], labels_file.shape[0]
        if n_images != n_labels:
            raise IdxError(images_path, f"contains {n_images:,} images, but {labels_path.name} has {n_labels:,} labels")
        labels = np.array(cache.array(labels_file, (n_labels,)))
        if labels.max() >= spec.n_classes:
            first = int(np.argmax(labels >= spec.n_classes))
            raise IdxError(
                labels_path, f"has label {labels[first]} at image {first:,}; the classes are 0 to {spec.n_classes - 1}"
            )
        images = cache.array(images_file, (n_images, spec.n_features))
    return Split(images, labels)


@dataclass(frozen=True, slots=True)
class _Cache:
    """A folder of uncompressed .npy files.

    Each is named after the path, size, times and inode of its source file: another file can have the same size and, if
    it was copied with its times, the same modification time.
    """

    folder: Path

    def array(self, source: IdxFile, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """Return the data of `source` as an array of `shape`, mapped from the cache.

        If the cache does not contain the data, write it there first.
        """
        stem = source.path.name.removesuffix(".gz")
        status = source.status
        numbers = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        identity = os.fsencode(f"{source.path.resolve()} {' '.join(map(str, numbers))}")
        path = self.folder / f"{stem}-{hashlib.sha256(identity).hexdigest()[:16]}.npy"
        array = _map(path, shape)
        if array is None:
            problem: OSError | None = None
            try:
                self._write(path, source, shape)
                self._delete_others(path, stem)
            except OSError as error:  # on Windows, also if another process has just written and mapped the file
                problem = error
            array = _map(path, shape)
            if array is None:
                reason = problem.strerror or problem if problem else f"{path.name} cannot be read back"
                raise DatasetError(
                    f"{self.folder} cannot store the uncompressed images: {reason}. "
                    "Free disk space, make the folder writable, or choose another data folder."
                ) from problem
        return array

    def _write(self, path: Path, source: IdxFile, shape: tuple[int, ...]) -> None:
        with replace_atomically(path) as file:
            np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
            file.writelines(source.chunks())

    def _delete_others(self, path: Path, stem: str) -> None:
        for other in self.folder.glob("*.npy"):
            if other != path and original_name(other.stem.rpartition("-")[0]) == original_name(stem):
                try:
                    other.unlink(missing_ok=True)
                except PermissionError:  # Windows cannot delete a file that another process has mapped
                    continue


def _map(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
    """Map an array from the cache. Return None if the file is missing, incomplete or unreadable."""
    try:
        check_array_size(path)
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if array.dtype != np.uint8 or array.shape != shape:
        return None
    return np.asarray(array)
