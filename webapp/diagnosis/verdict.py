"""The verdict of a diagnosis, which the list of runs shows."""

from __future__ import annotations

from nn.diagnosis.code_names import CODE_NAMES
from nn.diagnosis.finding import Diagnosis
from webapp.storage.verdict_store import VerdictJson

LEARNS_WELL = "Learns well"

Signature = tuple[object, ...]


def verdict_of(diagnosis: Diagnosis) -> VerdictJson:
    """Return the status and the first finding of a diagnosis."""
    first = next(iter(diagnosis.findings), None)
    healthy_title = LEARNS_WELL if diagnosis.status == "healthy" else None
    return {
        "status": diagnosis.status,
        "code": first.code if first else None,
        "title": CODE_NAMES[first.code] if first else healthy_title,
        "severity": first.severity if first else None,
        "known_by": first.known_by if first else None,
        "epoch": diagnosis.epoch,
    }


def signature_of(diagnosis: Diagnosis) -> Signature:
    """Return the status, and the code and severity of each finding. If they change, pages are notified."""
    return (diagnosis.status, *((finding.code, finding.severity) for finding in diagnosis.findings))
