"""Types of all JSON that the server sends, by their names in TypeScript.

`python tasks.py types` writes them to types/.
"""

from __future__ import annotations

from typing import Any

from nn.analysis.learning_dynamics import LearningCategory
from nn.diagnosis.finding import DiagnosisJson, EvidenceJson, FindingJson, RemedyJson
from nn.diagnosis.telemetry_json import LayerTelemetryJson, TelemetryJson
from nn.lab.bug import Kind, Place
from nn.lab.ratio import RatioKind
from nn.lab.small_tests.small_test import Verdict
from nn.training.events import EpochResultJson
from nn.trials.trials_json import TrialJson, TrialsJson, TrialsStatus
from webapp.datasets.downloads import DatasetProgressEvent
from webapp.diagnosis.preflight import FieldNoteJson, PreflightJson
from webapp.explanations import responses as explanations
from webapp.lab import responses as lab
from webapp.misclassified.label_suspects import LabelErrorJson, LabelVotes
from webapp.misclassified.listing import AnnotationJson, ListedImage
from webapp.realtime.events import (
    BatchProgressEvent,
    DiagnosisEvent,
    EpochCompletedEvent,
    RunDeletedEvent,
    RunFinishedEvent,
    RunStatusEvent,
    TelemetryEvent,
    TrialsEvent,
)
from webapp.runs.outputs import BoundaryOutputs, BoundaryPoint, CurveOutputs, CurvePoint, Outputs, ScatterOutputs
from webapp.runs.results import StoredCheckpoint
from webapp.runs.run_list import RunSortKey
from webapp.runs.service import HyperparameterCheck, QueuedRunJson, QueueJson, RunEstimateJson
from webapp.storage.run_record import HyperparametersJson, RunErrorJson, RunJson, Value
from webapp.storage.run_status import RunStatus
from webapp.storage.verdict_store import VerdictJson
from webapp.web import responses
from webapp.web.http_errors import ErrorJson, ErrorResponse

API: dict[str, Any] = {
    "ErrorDetails": ErrorJson,
    "ErrorResponse": ErrorResponse,
    "RunStatus": RunStatus,
    "Value": Value,
    "Hyperparameters": HyperparametersJson,
    "EpochResult": EpochResultJson,
    "RunError": RunErrorJson,
    "Verdict": VerdictJson,
    "FindingEvidence": EvidenceJson,
    "Remedy": RemedyJson,
    "Finding": FindingJson,
    "Diagnosis": DiagnosisJson,
    "TrialsStatus": TrialsStatus,
    "Trial": TrialJson,
    "Trials": TrialsJson,
    "Run": RunJson,
    "RunSortKey": RunSortKey,
    "QueuedRun": QueuedRunJson,
    "Queue": QueueJson,
    "DatasetProgress": DatasetProgressEvent,
    "DatasetInfo": responses.DatasetInfo,
    "LabeledImage": responses.LabeledImage,
    "Example": responses.Example,
    "GlossaryTerm": responses.GlossaryTerm,
    "FieldInfo": responses.FieldInfo,
    "FieldGroup": responses.FieldGroup,
    "Schema": responses.Schema,
    "Preset": responses.PresetInfo,
    "RunEstimate": RunEstimateJson,
    "HyperparameterCheck": HyperparameterCheck,
    "FieldNote": FieldNoteJson,
    "Preflight": PreflightJson,
    "HistoryKind": LearningCategory,
    "Annotation": AnnotationJson,
    "LabelVotes": LabelVotes,
    "LabelError": LabelErrorJson,
    "ListedImage": ListedImage,
    "MisclassifiedList": responses.MisclassifiedList,
    "ConfusionMatrix": responses.ConfusionMatrix,
    "CalibrationBin": responses.CalibrationBin,
    "CalibrationThreshold": responses.CalibrationThreshold,
    "Calibration": responses.CalibrationResponse,
    "HistoryCounts": responses.HistoryCounts,
    "ImageHistory": responses.ImageHistory,
    "GuessScore": responses.GuessScore,
    "GuessResponse": responses.GuessResponse,
    "ImageTransform": responses.ImageTransform,
    "BoundaryPoint": BoundaryPoint,
    "BoundaryOutputs": BoundaryOutputs,
    "CurvePoint": CurvePoint,
    "CurveOutputs": CurveOutputs,
    "ScatterOutputs": ScatterOutputs,
    "Outputs": Outputs,
    "StoredCheckpoint": StoredCheckpoint,
    "LayerTelemetry": LayerTelemetryJson,
    "Telemetry": TelemetryJson,
    "UnitContribution": explanations.UnitContributionJson,
    "LogitGap": explanations.LogitGapJson,
    "PixelAttribution": explanations.PixelAttributionJson,
    "Shifts": explanations.ShiftMapJson,
    "Explanation": explanations.ExplanationResponse,
    "NearImage": explanations.NearImage,
    "InfluentialImage": explanations.InfluentialImage,
    "TrainingExamples": explanations.TrainingExamplesResponse,
    "CounterfactualResponse": explanations.CounterfactualResponse,
    "ProbeResponse": explanations.ProbeResponse,
    "LabPlace": Place,
    "LabKind": Kind,
    "LabRatio": RatioKind,
    "LabVerdict": Verdict,
    "LabLine": lab.LabLineJson,
    "LabBug": lab.LabBugJson,
    "LabBugChoice": lab.LabBugChoice,
    "LabCurves": lab.LabCurves,
    "LabLayerTelemetry": lab.LabLayerTelemetry,
    "LabTelemetry": lab.LabTelemetry,
    "LabLayerCheck": lab.LabLayerCheck,
    "LabDisagreement": lab.LabDisagreement,
    "LabMatch": lab.LabMatch,
    "LabMeasurement": lab.LabMeasurement,
    "LabTest": lab.LabTest,
    "LabRun": lab.LabRun,
    "LabGuess": lab.LabGuess,
}
EVENTS: dict[str, Any] = {
    "BatchProgress": BatchProgressEvent,
    "EpochCompleted": EpochCompletedEvent,
    "TelemetryStored": TelemetryEvent,
    "RunStatusChanged": RunStatusEvent,
    "RunFinished": RunFinishedEvent,
    "RunDeleted": RunDeletedEvent,
    "DiagnosisChanged": DiagnosisEvent,
    "TrialsChanged": TrialsEvent,
}
