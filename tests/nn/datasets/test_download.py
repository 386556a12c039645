"""Downloads from local mirrors that work and mirrors that fail."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nn.datasets import (
    BUILT_IN_DATASETS,
    DatasetRegistry,
    DatasetSpec,
    is_available,
    load_dataset,
)
from nn.datasets.download import FetchProgress, fetch_dataset
from nn.datasets.spec import DataFile
from nn.errors import DatasetError, DatasetMissingError
from tests.support.datasets.dataset_mirrors import Mirrors
from tests.support.datasets.idx_files import small_mnist_files, write_files, zip_files

CONTENTS = small_mnist_files(n_train=300)
ZIPPED = zip_files(CONTENTS)
NAMES = [file.name for file in BUILT_IN_DATASETS.get("fashion_mnist").files]
DEAD = "http://127.0.0.1:9/"  # the port of the discard service, which no machine runs


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("MISFIT_MIRRORS", raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[Mirrors]:
    with Mirrors(ZIPPED) as mirrors:
        yield mirrors


@pytest.fixture
def mirrors(server: Mirrors) -> Mirrors:
    server.requested_paths.clear()
    return server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "datasets"


def fashion(*addresses: str) -> DatasetSpec:
    """Return the description of a small Fashion-MNIST on mirrors at `addresses`."""
    files = tuple(
        DataFile(name, len(ZIPPED[name]), hashlib.md5(ZIPPED[name], usedforsecurity=False).hexdigest())
        for name in NAMES
    )
    return replace(BUILT_IN_DATASETS.get("fashion_mnist"), files=files, mirrors=addresses)


def fetch(folder: Path, spec: DatasetSpec) -> list[FetchProgress]:
    """Download into `folder` and return the reported progress."""
    reported: list[FetchProgress] = []
    fetch_dataset("fashion_mnist", datasets_dir=folder, on_progress=reported.append, datasets=DatasetRegistry([spec]))
    return reported


def downloaded_files(folder: Path) -> dict[str, bytes]:
    """Return every file in the folder of the data set, including hidden files."""
    dataset_folder = folder / "fashion_mnist"
    return {path.name: path.read_bytes() for path in dataset_folder.iterdir()} if dataset_folder.exists() else {}


@pytest.mark.parametrize("behavior", ["good", "chunked", "moved"])
def test_every_file_is_downloaded_and_can_be_loaded(
    mirrors: Mirrors, folder: Path, tmp_path: Path, behavior: str
) -> None:
    fetch(folder, fashion(mirrors.url(behavior)))
    assert downloaded_files(folder) == ZIPPED
    assert is_available("fashion_mnist", folder)
    assert len(load_dataset("fashion_mnist", datasets_dir=folder, cache_dir=tmp_path / "cache").train) == 300


def test_progress_covers_all_files_together(mirrors: Mirrors, folder: Path) -> None:
    reported = fetch(folder, fashion(mirrors.url("good")))
    total = sum(map(len, ZIPPED.values()))
    assert {step.total_bytes for step in reported} == {total}
    assert {step.dataset for step in reported} == {"fashion_mnist"}
    assert list(dict.fromkeys(step.file for step in reported)) == NAMES
    received = [step.received_bytes for step in reported]
    assert received == sorted(received)
    assert received[-1] == total
    assert len(reported) > len(NAMES)  # the large file comes in several chunks


def test_progress_never_exceeds_the_total_of_larger_files(mirrors: Mirrors, folder: Path) -> None:
    spec = fashion(mirrors.url("good"))
    smaller = replace(spec, files=tuple(replace(file, size=file.size * 3 // 4) for file in spec.files))
    reported = fetch(folder, smaller)
    assert all(step.received_bytes <= step.total_bytes for step in reported)
    assert reported[-1].received_bytes == reported[-1].total_bytes == sum(map(len, ZIPPED.values()))


@pytest.mark.parametrize("behavior", ["missing", "wrong", "cut", "long"])
def test_next_mirror_is_used_when_one_fails(mirrors: Mirrors, folder: Path, behavior: str) -> None:
    reported = fetch(folder, fashion(mirrors.url(behavior), mirrors.url("good")))
    assert downloaded_files(folder) == ZIPPED
    assert reported[-1].received_bytes == sum(map(len, ZIPPED.values()))
    assert mirrors.requested_paths == [f"/{behavior}/{NAMES[0]}"] + [
        f"/good/{name}" for name in NAMES
    ]  # no other file is requested from the failing mirror


def test_dead_mirror_is_skipped(mirrors: Mirrors, folder: Path) -> None:
    fetch(folder, fashion(DEAD, mirrors.url("good")))
    assert downloaded_files(folder) == ZIPPED


def test_error_names_the_files_and_the_problem_of_each_mirror(mirrors: Mirrors, folder: Path) -> None:
    reasons = {
        mirrors.url("missing"): "responded with 404 Not Found",
        mirrors.url("wrong"): "sent a file with an incorrect checksum",
        mirrors.url("cut"): "closed the connection too early",
        mirrors.url("login"): "sent text/html instead of the file; it begins with '<!DOCTYPE html> <html> <ti",
        mirrors.url("bytes"): "sent bytes without a type instead of the file; it begins with 'other bytes'",
        mirrors.url("empty"): "sent 0 bytes instead of the file",
        mirrors.url("long"): f"sent more than the {len(ZIPPED[NAMES[0]]):,} bytes of the file",
        DEAD: "cannot be reached",
        "nonsense": "failed (Invalid URL",
    }
    with pytest.raises(DatasetMissingError) as error:
        fetch(folder, fashion(*reasons))
    message = str(error.value)
    dataset_folder = folder / "fashion_mnist"
    assert message.startswith(
        f"Fashion-MNIST could not be downloaded. Put {', '.join(NAMES)} into {dataset_folder} and start again. Tried: "
    )
    for address, reason in reasons.items():
        assert f"{address}{NAMES[0]} {reason}" in message
    assert downloaded_files(folder) == {}


@pytest.mark.parametrize("password", ["password", "pass@word"])
def test_error_names_a_dead_proxy(
    mirrors: Mirrors, folder: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:{password}@127.0.0.1:9")
    monkeypatch.setenv("http_proxy", f"http://user:{password}@127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(DatasetMissingError) as error:
        fetch(folder, fashion(mirrors.url("good")))
    assert f"{mirrors.url('good')}{NAMES[0]} cannot be reached through the proxy http://127.0.0.1:9" in str(error.value)
    assert "Correct HTTP_PROXY" in str(error.value)
    assert "word" not in str(error.value)
    assert mirrors.requested_paths == []


def test_error_names_the_proxy_that_responds_in_place_of_the_mirror(
    mirrors: Mirrors, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = mirrors.url("")
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(DatasetMissingError) as error:
        fetch(folder, fashion("http://mirror.invalid/"))
    assert f"responded with 404 Not Found through the proxy {proxy}" in str(error.value)


def test_silent_mirror_times_out(mirrors: Mirrors, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn.datasets.download.TIMEOUT_SECONDS", 0.2)
    with pytest.raises(DatasetMissingError, match=r"did not respond for 0\.2 seconds"):
        fetch(folder, fashion(mirrors.url("silent")))


def test_complete_files_are_not_downloaded_again(mirrors: Mirrors, folder: Path) -> None:
    """Readable files stay, even with an unknown checksum, without compression, or in the folder fashion-mnist."""
    dataset_folder = folder / "fashion_mnist"
    write_files(dataset_folder, {"train-images-idx3-ubyte": small_mnist_files(seed=5)["train-images-idx3-ubyte"]})
    write_files(dataset_folder, {"train-labels-idx1-ubyte": CONTENTS["train-labels-idx1-ubyte"]}, zipped=False)
    write_files(folder / "fashion-mnist", {"t10k-images-idx3-ubyte": CONTENTS["t10k-images-idx3-ubyte"]})
    before = downloaded_files(folder)
    reported = fetch(folder, fashion(mirrors.url("good")))
    assert downloaded_files(folder) == before | {NAMES[3]: ZIPPED[NAMES[3]]}
    assert mirrors.requested_paths == [f"/good/{NAMES[3]}"]
    assert reported[-1].total_bytes == len(ZIPPED[NAMES[3]])
    assert fetch(folder, fashion(DEAD)) == []


def test_damaged_files_are_downloaded_again(mirrors: Mirrors, folder: Path) -> None:
    write_files(folder / "fashion_mnist", CONTENTS)
    (folder / "fashion_mnist" / NAMES[2]).write_bytes(ZIPPED[NAMES[2]][:-1])
    fetch(folder, fashion(mirrors.url("good")))
    assert mirrors.requested_paths == [f"/good/{NAMES[2]}"]
    assert downloaded_files(folder)[NAMES[2]] == ZIPPED[NAMES[2]]


def test_files_received_before_a_failure_stay(mirrors: Mirrors, folder: Path) -> None:
    unavailable = replace(fashion(), files=(*fashion().files[:2], DataFile("lost-idx1-ubyte.gz", 100, "")))
    with pytest.raises(DatasetMissingError, match=r"Put lost-idx1-ubyte\.gz into "):
        fetch(folder, replace(unavailable, mirrors=(mirrors.url("good"),)))
    assert list(downloaded_files(folder)) == sorted(NAMES[:2], key=list(downloaded_files(folder)).index)


def test_listener_can_cancel_without_a_partial_file(mirrors: Mirrors, folder: Path) -> None:
    class Cancelled(Exception):  # noqa: N818 - it is not an error
        pass

    def cancel(progress: FetchProgress) -> None:
        if progress.file == NAMES[2]:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch_dataset(
            "fashion_mnist",
            datasets_dir=folder,
            on_progress=cancel,
            datasets=DatasetRegistry([fashion(mirrors.url("good"))]),
        )
    assert downloaded_files(folder) == {name: ZIPPED[name] for name in NAMES[:2]}


def test_same_content_compressed_differently_is_accepted(mirrors: Mirrors, folder: Path) -> None:
    """If the checksum of the content is known, a mirror may compress the content differently."""
    spec = fashion(mirrors.url("good"))
    other_zips = tuple(replace(file, md5="0" * 32) for file in spec.files)
    with pytest.raises(DatasetMissingError, match="incorrect checksum"):
        fetch(folder, replace(spec, files=other_zips))
    known = tuple(
        replace(file, content_sha256=hashlib.sha256(gzip.decompress(ZIPPED[file.name])).hexdigest())
        for file in other_zips
    )
    fetch(folder, replace(spec, files=known))
    assert downloaded_files(folder) == ZIPPED


def test_error_names_a_folder_that_cannot_be_written(mirrors: Mirrors, folder: Path) -> None:
    folder.mkdir()
    (folder / "fashion_mnist").write_text("a file instead of a folder")
    with pytest.raises(DatasetError, match=r"fashion_mnist cannot be written: .* choose another data-sets folder"):
        fetch(folder, fashion(mirrors.url("good")))


def test_environment_variable_replaces_the_mirrors(
    mirrors: Mirrors, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISFIT_MIRRORS", f"{DEAD} {mirrors.url('named').rstrip('/')}")
    fetch(folder, fashion(mirrors.url("good")))
    assert mirrors.requested_paths == [f"/named/fashion_mnist/{name}" for name in NAMES]


@pytest.mark.parametrize("address", ["http://[::1/", "lab.example/", "http://127.0.0.1:port/"])
def test_invalid_address_of_a_mirror_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("MISFIT_MIRRORS", address)
    with pytest.raises(DatasetMissingError, match="could not be downloaded") as error:
        fetch(folder, fashion())
    assert f"Tried: {address}fashion_mnist/{NAMES[0]} failed (" in str(error.value)


def test_real_files_are_accepted_from_any_mirror(
    mnist_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mirror contains the files of this machine, which may be compressed differently from the published ones."""
    files = {}
    for file in BUILT_IN_DATASETS.get("mnist").files:
        path = mnist_dir / "mnist" / file.name
        zipped = path.exists()
        files[file.name] = path.read_bytes() if zipped else gzip.compress(path.with_suffix("").read_bytes())
    with Mirrors(files) as mirrors:
        monkeypatch.setenv("MISFIT_MIRRORS", mirrors.url("named"))
        fetch_dataset("mnist", datasets_dir=folder, on_progress=lambda _progress: None)
    assert is_available("mnist", folder)
    assert [path.name for path in folder.iterdir()] == ["mnist"]
