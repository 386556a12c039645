"""Diagnoses as JSON values."""

from __future__ import annotations

from typing_extensions import TypedDict

from nn.diagnosis.finding import FindingJson, Status


class DiagnosisJson(TypedDict):
    """The diagnosis of a run until `epoch`, the worst findings first. An observation is not an alarm."""

    epoch: int
    status: Status
    findings: list[FindingJson]
    observations: list[FindingJson]
