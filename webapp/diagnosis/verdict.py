"""The verdict of a diagnosis, which the list of runs shows."""

from __future__ import annotations

from nn.diagnosis.code_names import CODE_NAMES
from nn.diagnosis.finding import Diagnosis
from webapp.storage.verdict_store import VerdictJson

LEARNS_WELL = "Learns well"

Signature = tuple[object, ...]


def verdict_of(diagnosis: Diagnosis) -> VerdictJson | None:
    """Return the status and the first finding of a diagnosis, or None if nothing is known yet."""
    first = next(iter(diagnosis.findings), None)
    if first is None and diagnosis.status != "healthy":
        return None
    return {
        "status": diagnosis.status,
        "code": first.code if first else None,
        "title": CODE_NAMES[first.code] if first else LEARNS_WELL,
        "severity": first.severity if first else None,
        "known_by": first.known_by if first else None,
        "epoch": diagnosis.epoch,
    }


def is_news(verdict: VerdictJson | None, stored: VerdictJson | None) -> bool:
    """Return True if a verdict differs from the stored one in more than its epoch."""
    return _without_epoch(verdict) != _without_epoch(stored)


def signature_of(diagnosis: Diagnosis) -> Signature:
    """Return the status, and the code and severity of each finding. If they change, pages are notified."""
    return (diagnosis.status, *((finding.code, finding.severity) for finding in diagnosis.findings))


def _without_epoch(verdict: VerdictJson | None) -> dict[str, object] | None:
    return verdict and {name: value for name, value in verdict.items() if name != "epoch"}
