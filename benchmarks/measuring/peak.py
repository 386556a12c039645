"""Current and peak memory of a process."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path
from typing import NamedTuple


class Resident(NamedTuple):
    """Resident memory of a process in bytes, and the file-backed part of it."""

    total: int
    mapped: int


def resident_bytes(process_id: int) -> Resident:
    """Return the current memory of a running process (Linux only)."""
    status = (Path("/proc") / str(process_id) / "status").read_text(encoding="utf-8")
    found = dict(re.findall(r"^(VmRSS|RssFile):\s+(\d+) kB", status, re.MULTILINE))
    return Resident(int(found["VmRSS"]) * 1024, int(found["RssFile"]) * 1024)


def peak_bytes(process_id: int | None = None) -> int:
    """Return the peak memory in bytes of a running process, by default of this one.

    Raises OSError for another process if the operating system is not Linux.
    """
    status = Path("/proc") / str(process_id or "self") / "status"
    if status.exists():
        # Unlike the value of `resource`, VmHWM excludes the peak of the parent process.
        found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0  # a process that has just ended has no VmHWM
    if process_id is not None:
        raise OSError("Only Linux reports the peak memory of another process.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
