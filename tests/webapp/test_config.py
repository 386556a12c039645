from __future__ import annotations

import os
from pathlib import Path

import pytest

from webapp.__main__ import read_command_line
from webapp.config import Config, ConfigError, default_memory_limit


def test_every_option_sets_its_setting(tmp_path: Path) -> None:
    folders = ["--data-dir", str(tmp_path / "runs"), "--datasets-dir", str(tmp_path / "sets")]
    rest = "--host [::1] --port 0 --workers 3 --no-browser --memory-limit-mb 1000 --allowed-host a --allowed-host b"
    config = read_command_line([*folders, *rest.split(), "--database-url", "sqlite://"])
    assert config == Config(
        data_dir=tmp_path / "runs",
        datasets_dir=tmp_path / "sets",
        host="::1",
        port=0,
        workers=3,
        open_browser=False,
        allowed_hosts=("a", "b"),
        memory_limit_bytes=1000 * 2**20,
        database_url="sqlite://",
    )
    assert (tmp_path / "runs").is_dir()


def test_every_option_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISFIT_DATASETS_DIR", str(tmp_path / "shared"))
    config = read_command_line(["--data-dir", str(tmp_path)])
    assert (config.host, config.port, config.open_browser) == ("127.0.0.1", 8000, True)
    assert config.datasets_dir == tmp_path / "shared"
    assert config.memory_limit_bytes == default_memory_limit(config.workers)
    monkeypatch.delenv("MISFIT_DATASETS_DIR")
    assert read_command_line(["--data-dir", str(tmp_path)]).datasets_dir == tmp_path / "datasets"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "--port must be between 0 and 65535"),
        (["--port", "-1"], "--port must be"),
        (["--port", "http"], "--port: invalid int value"),
        (["--workers", "0"], "--workers must be between 1 and"),
        (["--workers", "1000000"], "--workers must be"),
        (["--workers", "two"], "--workers: invalid int value"),
        (["--memory-limit-mb", "0"], "--memory-limit-mb must be at least"),
        (["--memory-limit-mb", "-5"], "--memory-limit-mb must be"),
        (["--allowed-host", "*"], "--allowed-host must be one host name, such as lab.example, not '*'"),
        (["--allowed-host", "*.lab.example"], "not '*.lab.example'"),
        (["--allowed-host", ".lab.example"], "not '.lab.example'"),
        (["--allowed-host", "a.example,b.example"], "repeat the option"),
        (["--allowed-host", ""], "--allowed-host must be"),
        (["--allowed-host", "https://"], "--allowed-host must be"),
        (["--allowed-host", "http://[fe80::1"], "--allowed-host must be"),
        (["--data-dir", "~no-such-user/runs"], "~no-such-user/runs begins with a home folder that does not exist"),
        (["--datasets-dir", "~no-such-user"], "~no-such-user begins with a home folder that does not exist"),
        (["--bogus"], "unrecognized arguments: --bogus"),
    ],
)
def test_an_invalid_value_is_reported_in_one_line(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        read_command_line(["--data-dir", str(tmp_path), *arguments])
    printed = capsys.readouterr()
    assert end.value.code == 2
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("lab.example", "lab.example"),
        ("Lab.Example.", "lab.example"),
        ("lab.example:8000", "lab.example"),
        ("lab.example/", "lab.example"),
        ("https://lab.example:8443/misfit?x#y", "lab.example"),
        ("http://user@lab.example", "lab.example"),
        ("lab_3", "lab_3"),
        ("192.168.1.5:8000", "192.168.1.5"),
        ("FE80::1", "fe80::1"),
        ("[fe80::1]", "fe80::1"),
        ("[fe80::1]:8000", "fe80::1"),
        ("http://[::1]:8000", "::1"),
        ("müller.example", "xn--mller-kva.example"),
    ],
)
def test_an_allowed_host_is_the_name_in_a_url(given: str, name: str, tmp_path: Path) -> None:
    assert read_command_line(["--data-dir", str(tmp_path), "--allowed-host", given]).allowed_hosts == (name,)


@pytest.mark.parametrize("prefix", ["sqlite:///", "sqlite+pysqlite:///"])
def test_a_relative_database_path_is_relative_to_the_current_folder(
    prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server itself runs in another folder."""
    monkeypatch.chdir(tmp_path)
    for given, expected in (
        ("runs/a.db", f"{tmp_path}/runs/a.db"),
        ("a.db?timeout=5", f"{tmp_path}/a.db?timeout=5"),
        ("/a.db", "/a.db"),
        (":memory:", ":memory:"),
        ("", ""),
    ):
        config = read_command_line(["--data-dir", str(tmp_path), "--database-url", prefix + given])
        assert config.database_url == prefix + expected


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no question marks in names")
def test_a_database_url_never_names_another_file_than_the_one_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "week?1"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit):
        read_command_line(["--data-dir", str(tmp_path), "--database-url", "sqlite:///a.db"])
    assert f"--database-url cannot name a file in {folder}" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--data-dir", "--datasets-dir"])
def test_an_empty_folder_is_not_the_current_folder(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_command_line([option, ""])
    assert f"argument {option}: must name a folder, but is empty" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows does not delete a current folder")
def test_a_relative_path_from_a_deleted_folder_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SystemExit):
        read_command_line(["--data-dir", "runs"])
    assert "the current folder no longer exists" in capsys.readouterr().err
    assert read_command_line(["--data-dir", str(tmp_path / "runs")]).data_dir == tmp_path / "runs"


def test_an_unwritable_data_folder_is_reported_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SystemExit) as end:
        read_command_line(["--data-dir", str(tmp_path / "file" / "data")])
    printed = capsys.readouterr()
    assert end.value.code == 2
    assert "--data-dir" in printed.err
    assert printed.err.count("\n") == 1


def test_settings_are_validated_without_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--workers"):
        Config(data_dir=tmp_path, datasets_dir=tmp_path, workers=65)
