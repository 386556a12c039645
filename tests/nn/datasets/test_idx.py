"""The IDX reader: valid files are read, each fault has a message, and memory use stays small."""

from __future__ import annotations

import gzip
import math
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nn.datasets.idx import MAX_BYTES, open_idx
from nn.errors import DatasetError
from tests.support.datasets.idx_files import header, idx

IMAGES = np.arange(3 * 4 * 5).reshape(3, 4, 5)
WHOLE = idx(IMAGES)


def read(path: Path, n_dimensions: int = 3) -> tuple[tuple[int, ...], bytes]:
    with open_idx(path, n_dimensions) as file:
        return file.shape, b"".join(file.chunks())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "train-images-idx3-ubyte.gz"


@pytest.mark.parametrize("content", [WHOLE, gzip.compress(WHOLE)], ids=["plain", "zipped"])
def test_valid_file_is_read_under_any_name(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert read(path) == ((3, 4, 5), IMAGES.astype(np.uint8).tobytes())


def test_labels_have_one_dimension(path: Path) -> None:
    path.write_bytes(idx(np.arange(10)))
    assert read(path, 1) == ((10,), bytes(range(10)))


def damaged(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


ZIPPED = gzip.compress(WHOLE, mtime=0)
FAULTS = {
    "nothing": (b"", "is empty"),
    "zipped nothing": (gzip.compress(b""), "is empty"),
    "two bytes": (b"\0\0", "is not an IDX file: it begins with 00 00 instead"),
    "a web page": (b"<!DOCTYPE html><title>Log in</title>", "is not an IDX file: it begins with 3c 21 44 4f"),
    "wide numbers": (header(3, 4, 5, kind=0x0D) + bytes(240), "contains values of type 0x0d, not bytes"),
    "labels": (idx(np.arange(3)), "contains labels instead of images"),
    "four dimensions": (idx(np.zeros((1, 1, 1, 1))), "contains 4 dimensions instead of images"),
    "half a header": (WHOLE[:10], "is too short: its header is incomplete"),
    "no images": (header(0, 28, 28), "contains no images"),
    "images without height": (header(5, 0, 28), "contains no images"),
    "a huge size": (header(2**32 - 1, 2**32 - 1, 2**32 - 1), "has a header for"),
    "just too large": (header(MAX_BYTES // 784 + 1, 28, 28), "has a header for"),
    "one byte short": (WHOLE[:-1], "is too short: 1 of its 60 bytes are missing"),
    "one byte over": (WHOLE + b"\0", "is too long: it has more than the 60 bytes"),
    "zipped, short": (gzip.compress(WHOLE[:-1]), "is too short: 1 of its 60 bytes are missing"),
    "zipped, over": (gzip.compress(WHOLE + b"\0"), "is too long: it has more than the 60 bytes"),
    "zip cut in its header": (ZIPPED[:5], "is truncated"),
    "zip cut in the middle": (ZIPPED[: len(ZIPPED) // 2], "is truncated"),
    "zip without its checksum": (ZIPPED[:-8], "is truncated"),
    "zip with an incorrect checksum": (damaged(ZIPPED, -7), "is damaged"),
    "zip with a wrong block": (damaged(ZIPPED, 10), "is damaged"),
    "zip and other bytes": (ZIPPED + b"other bytes", "is damaged"),
}


@pytest.mark.parametrize(("content", "message"), FAULTS.values(), ids=FAULTS)
def test_each_fault_has_its_own_message(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(DatasetError) as error:
        read(path)
    assert str(error.value).startswith(f"{path} {message}")
    assert "Delete it so that it is downloaded again, or replace it with a good copy." in str(error.value)


def test_images_instead_of_labels_are_rejected(path: Path) -> None:
    path.write_bytes(WHOLE)
    with pytest.raises(DatasetError, match="contains images instead of labels"):
        read(path, 1)


def test_error_names_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"nowhere\.gz cannot be read: No such file"):
        read(tmp_path / "nowhere.gz")
    with pytest.raises(DatasetError, match="cannot be read"):
        read(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(header(10, 28, 28) + bytes(300_000_000), compresslevel=1),
        gzip.compress(header(1_000_000, 28, 28) + bytes(784 * 10)),
        header(1_000_000, 28, 28) + bytes(784 * 10),
    ],
    ids=["more bytes than the header announces", "compressed, fewer bytes", "fewer bytes"],
)
def test_false_header_and_zip_bomb_do_not_fill_memory(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with open_idx(path, 3) as file, pytest.raises(DatasetError):
            for _ in file.chunks():
                pass
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from([b"", WHOLE[:4], WHOLE[:16], ZIPPED[:10], ZIPPED]), rest=st.binary(max_size=100))
@example(start=WHOLE[:16], rest=bytes(60))
def test_any_bytes_are_read_or_rejected(path: Path, start: bytes, rest: bytes) -> None:
    path.write_bytes(start + rest)
    with suppress(DatasetError):
        shape, content = read(path)
        assert len(content) == math.prod(shape)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, len(ZIPPED) - 1), bit=st.integers(0, 7))
def test_flipped_bit_never_changes_the_data(path: Path, position: int, bit: int) -> None:
    path.write_bytes(ZIPPED[:position] + bytes([ZIPPED[position] ^ 1 << bit]) + ZIPPED[position + 1 :])
    try:
        found = read(path)
    except DatasetError:
        return
    assert found == (
        (3, 4, 5),
        IMAGES.astype(np.uint8).tobytes(),
    )  # some bits do not matter, such as the time stamp of gzip
