"""Current and peak memory of a process."""

from __future__ import annotations

import re
import resource
import sys
from contextlib import suppress
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
    """Return the peak memory in bytes of a running process, by default of this one; 0 if the process has ended.

    Raises OSError for another process if the operating system is not Linux.
    """
    if sys.platform == "linux":
        # Unlike the value of `resource`, VmHWM excludes the peak of the parent process.
        with suppress(FileNotFoundError, ProcessLookupError):
            status = (Path("/proc") / str(process_id or "self") / "status").read_text(encoding="utf-8")
            found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
            return int(found[1]) * 1024 if found else 0
        return 0
    if process_id is not None:
        raise OSError("Only Linux reports the peak memory of another process.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
