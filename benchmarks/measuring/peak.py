"""The memory that a process holds, and the most that it ever held."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path
from typing import NamedTuple


class Resident(NamedTuple):
    """Bytes that a process holds now, and how many of them are pages of files."""

    total: int
    mapped: int


def resident_bytes(process_id: int) -> Resident:
    """Of a process that is running, on Linux."""
    status = (Path("/proc") / str(process_id) / "status").read_text(encoding="utf-8")
    found = dict(re.findall(r"^(VmRSS|RssFile):\s+(\d+) kB", status, re.MULTILINE))
    return Resident(int(found["VmRSS"]) * 1024, int(found["RssFile"]) * 1024)


def peak_bytes(process_id: int | None = None) -> int:
    """Of a process that is running; of this one by default. Elsewhere than on Linux, of this one only."""
    status = Path("/proc") / str(process_id or "self") / "status"
    if status.exists():
        # Unlike what `resource` tells, this leaves out the peak of whoever started the process.
        found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0  # none in one that has just ended
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
