"""Start of the server: failures in one line, and folders with odd names or leftovers."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.run_engine import make_config
from tests.support.server_process import ROOT, ServerProcess
from webapp.server import StartError, listen, with_address


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def run_command(*arguments: str) -> tuple[int, str, str]:
    """Run the server until it ends by itself, and return its exit code, output and error output."""
    ended = run_python("-m", "webapp", "--no-browser", *arguments)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_second_server_on_the_same_folder_is_rejected_in_one_line(shared_server: ServerProcess) -> None:
    before = shared_server.get("/api/runs")
    code, out, err = run_command("--port", "0", "--data-dir", str(shared_server.data_dir))
    assert (code, out) == (1, "")
    assert "another server already uses the folder" in err
    assert err.count("\n") == 1
    assert shared_server.get("/api/runs")["total"] == before["total"]


def test_a_server_in_an_oddly_named_folder_keeps_other_files_and_removes_what_killed_processes_left(
    start_server: StartServer, tmp_path: Path
) -> None:
    data_dir = tmp_path / "week?1 #50%20 & [a] 'b'\nc"
    neighbor = tmp_path / "week"
    leftovers = [
        data_dir / folder / f".{name}.{'0a' * 16}.part"
        for folder, name in (("runs/6", "checkpoint.npz"), ("runs/6/changes", "1.npz"), ("cache/mnist", "images.npy"))
    ]
    others = [data_dir / "runs" / "6" / "predictions.bin", data_dir / "runs" / "6" / ".notes.part"]
    old = data_dir / "datasets" / "mnist" / f".t10k.gz.{'f' * 32}.part"
    recent = data_dir / "datasets" / "mnist" / f".train.gz.{'f' * 32}.part"  # another server may be writing it
    for path in (*leftovers, *others, old, recent, neighbor):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1")
    os.utime(old, (0, 0))
    server = start_server(data_dir=data_dir, datasets_dir=data_dir / "datasets")
    assert not any(path.exists() for path in (*leftovers, old))
    assert all(path.exists() for path in (*others, recent))
    run = server.create_run(epochs=2)
    assert run["id"] == 7  # the files of run 6 belong to a database that is not here
    assert server.wait_for_run(7)["status"] == "finished"
    assert len(server.get("/api/runs/7/checkpoints")["items"]) == 2
    assert neighbor.read_bytes() == b"1"
    assert all(path.exists() for path in others)


def test_a_damaged_database_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "misfit.db").write_bytes(b"Dear diary, " * 400)
    code, printed, problem = run_command("--data-dir", str(tmp_path))
    assert (code, printed) == (1, "")
    assert problem.count("\n") == 1
    assert f"Move misfit.db out of {tmp_path}" in problem


def test_an_option_out_of_range_is_reported_in_one_line(tmp_path: Path) -> None:
    code, out, err = run_command("--port", "70000", "--data-dir", str(tmp_path))
    assert (code, out) == (2, "")
    assert "--port" in err
    assert err.count("\n") == 1


# A single process makes all attempts to start the server, because importing the server takes 2 seconds.
TRY_STARTS = """
import json, sys
from webapp.__main__ import read_command_line
from webapp.server import serve

for arguments in json.loads(sys.argv[1]):
    print(serve(read_command_line(arguments)))
"""


def test_each_failure_to_start_is_reported_in_one_line(tmp_path: Path) -> None:
    usual = ["--no-browser", "--data-dir", str(tmp_path)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        failures = [
            (["--port", port], f"another program already listens on 127.0.0.1:{port}", "--port 0"),
            (["--port", "0", "--host", "no.such.host.invalid"], "no.such.host.invalid", "--host"),
            (["--port", "0", "--host", "192.0.2.1"], "192.0.2.1", "is not an address of this machine; use 127.0.0.1"),
            (["--port", "0", "--host", "a" * 300], "a" * 300, "--host"),
            (["--port", "0", "--database-url", "nonsense"], "--database-url", "not a usable database URL"),
        ]
        starts = json.dumps([usual + arguments for arguments, *_ in failures])
        ended = run_python("-c", TRY_STARTS, starts)
    assert (ended.returncode, ended.stdout) == (0, "1\n" * len(failures))
    reports = ended.stderr.splitlines(keepends=True)
    assert len(reports) == len(failures)
    for report, (_, value, problem) in zip(reports, failures, strict=True):
        assert report.startswith("misfit: ")
        assert report.endswith("\n")
        assert value in report
        assert problem in report


@pytest.mark.parametrize(
    ("number", "port", "problem"),
    [
        (errno.EACCES, 80, "port 80 needs the rights of an administrator; choose a port from 1024 with --port"),
        (errno.EACCES, 8000, "cannot listen on localhost:8000 (Permission denied); choose another port"),
        (errno.EADDRNOTAVAIL, 8000, "--host localhost is not an address of this machine; use 127.0.0.1"),
    ],
)
def test_each_failure_to_listen_has_its_own_remedy(
    number: int, port: int, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("webapp.server.socket.socket.bind", fail)
    with pytest.raises(StartError) as error:
        listen("localhost", port)
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("host", "address", "expected"),
    [
        ("0", "0.0.0.0", "0.0.0.0"),  # noqa: S104 - this test does not listen
        ("::0", "::", "::"),
        ("box.local", "192.168.1.5", "box.local"),  # requests use this name
    ],
)
def test_each_spelling_of_every_interface_is_the_same_host(
    host: str, address: str, expected: str, tmp_path: Path
) -> None:
    config = with_address(make_config(tmp_path, host=host, port=0), address, 8123)
    assert (config.host, config.port) == (expected, 8123)
