"""Findings as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from nn.diagnosis.code_names import CODE_NAMES
from nn.diagnosis.finding import Diagnosis, DiagnosisJson, Evidence, EvidenceJson, Finding, FindingJson, Remedy


def diagnosis_to_json(diagnosis: Diagnosis) -> DiagnosisJson:
    """Return a diagnosis as JSON values."""
    return {
        "epoch": diagnosis.epoch,
        "status": diagnosis.status,
        "findings": list(map(finding_to_json, diagnosis.findings)),
        "observations": list(map(finding_to_json, diagnosis.observations)),
    }


def finding_to_json(finding: Finding) -> FindingJson:
    """Return a finding as JSON values."""
    return {
        "code": finding.code,
        "name": CODE_NAMES[finding.code],
        "severity": finding.severity,
        "confidence": finding.confidence,
        "known_by": finding.known_by,
        "title": finding.title,
        "explanation": finding.explanation,
        "layer": finding.layer,
        "epoch": finding.epoch,
        "evidence": list(map(_evidence_to_json, finding.evidence)),
        "remedies": [{"label": remedy.label, "changes": dict(remedy.changes)} for remedy in finding.remedies],
    }


def diagnosis_from_json(found: DiagnosisJson) -> Diagnosis:
    """Return the diagnosis that `diagnosis_to_json` has written."""
    findings, observations = (tuple(map(_finding_from_json, found[part])) for part in ("findings", "observations"))
    return Diagnosis(found["epoch"], found["status"], findings, observations)


def changes_from_json(changes: Mapping[str, object]) -> dict[str, object]:
    """Return changes of hyperparameters as they were before they became JSON, in which a tuple is a list."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()}


def _finding_from_json(found: FindingJson) -> Finding:
    return Finding(
        code=found["code"],
        severity=found["severity"],
        confidence=found["confidence"],
        known_by=found["known_by"],
        title=found["title"],
        explanation=found["explanation"],
        layer=found["layer"],
        epoch=found["epoch"],
        evidence=tuple(map(_evidence_from_json, found["evidence"])),
        remedies=tuple(Remedy(each["label"], changes_from_json(each["changes"])) for each in found["remedies"]),
    )


def _evidence_from_json(found: EvidenceJson) -> Evidence:
    value = found["value"]
    return Evidence(found["name"], math.nan if value is None else value, found.get("threshold"), found.get("place", ""))


def _evidence_to_json(evidence: Evidence) -> EvidenceJson:
    found: EvidenceJson = {"name": evidence.name, "value": evidence.value if math.isfinite(evidence.value) else None}
    if evidence.threshold is not None:
        found["threshold"] = evidence.threshold if math.isfinite(evidence.threshold) else None
    if evidence.place:
        found["place"] = evidence.place
    return found
