"""Findings as JSON values."""

from __future__ import annotations

import math

from nn.diagnosis.code_names import CODE_NAMES
from nn.diagnosis.finding import Diagnosis, DiagnosisJson, Evidence, EvidenceJson, Finding, FindingJson


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


def _evidence_to_json(evidence: Evidence) -> EvidenceJson:
    found: EvidenceJson = {"name": evidence.name, "value": evidence.value if math.isfinite(evidence.value) else None}
    if evidence.threshold is not None:
        found["threshold"] = evidence.threshold if math.isfinite(evidence.threshold) else None
    if evidence.place:
        found["place"] = evidence.place
    return found
