"""Atomic writes, and the temporary files that killed processes leave."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nn.atomic_write import remove_leftovers, replace_atomically

WRITE_AND_DIE = """
import os, sys
from pathlib import Path
from nn.atomic_write import replace_atomically
with replace_atomically(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os._exit(9)
"""


def test_a_killed_writer_leaves_the_old_file_and_a_temporary_file_that_can_be_removed(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "1" / "checkpoint.npz"
    with replace_atomically(path) as file:
        file.write(b"whole")
    died = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(path)], check=False)
    assert died.returncode == 9
    assert path.read_bytes() == b"whole"
    assert len(list(path.parent.iterdir())) == 2
    remove_leftovers(tmp_path)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["notes.part", ".notes.part", f".notes.{'g' * 32}.part", f"notes.{'0' * 32}.part"])
def test_other_files_remain(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert (tmp_path / name).exists()


def test_files_that_another_process_may_be_writing_remain(tmp_path: Path) -> None:
    recent, old = (tmp_path / f".data.gz.{digit * 32}.part" for digit in "01")
    recent.touch()
    old.touch()
    os.utime(old, (0, 0))
    remove_leftovers(tmp_path, 3600)
    assert list(tmp_path.iterdir()) == [recent]


def test_a_missing_folder_has_no_leftovers(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "missing")
