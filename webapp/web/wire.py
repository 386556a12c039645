"""Types of all JSON that the server sends, by their names in TypeScript. `python tasks.py types` generates types/."""

from __future__ import annotations

from typing import Any

from nn.analysis.learning_dynamics import LearningCategory
from nn.training.events import EpochResultJson
from webapp.datasets.downloads import DatasetProgressEvent
from webapp.explanations import answers as explanations
from webapp.misclassified.listing import AnnotationJson, ListedImage
from webapp.realtime.events import BatchProgressEvent, EpochCompletedEvent, RunFinishedEvent, RunStatusEvent
from webapp.runs.outputs import BoundaryOutputs, BoundaryPoint, CurveOutputs, CurvePoint, Outputs, ScatterOutputs
from webapp.storage.run_record import HyperparametersJson, RunErrorJson, RunJson, Value
from webapp.storage.run_status import RunStatus
from webapp.web import answers
from webapp.web.http_errors import ErrorAnswer, ErrorJson

API: dict[str, Any] = {
    "ErrorDetails": ErrorJson,
    "ErrorAnswer": ErrorAnswer,
    "RunStatus": RunStatus,
    "Value": Value,
    "Hyperparameters": HyperparametersJson,
    "EpochResult": EpochResultJson,
    "RunError": RunErrorJson,
    "Run": RunJson,
    "DatasetProgress": DatasetProgressEvent,
    "DatasetInfo": answers.DatasetInfo,
    "LabeledImage": answers.LabeledImage,
    "Example": answers.Example,
    "GlossaryTerm": answers.GlossaryTerm,
    "FieldInfo": answers.FieldInfo,
    "FieldGroup": answers.FieldGroup,
    "Schema": answers.Schema,
    "Preset": answers.PresetInfo,
    "HistoryKind": LearningCategory,
    "Annotation": AnnotationJson,
    "ListedImage": ListedImage,
    "MisclassifiedList": answers.MisclassifiedList,
    "ConfusionMatrix": answers.ConfusionMatrix,
    "CalibrationBin": answers.CalibrationBin,
    "CalibrationThreshold": answers.CalibrationThreshold,
    "Calibration": answers.CalibrationAnswer,
    "HistoryCounts": answers.HistoryCounts,
    "ImageHistory": answers.ImageHistory,
    "GuessScore": answers.GuessScore,
    "GuessAnswer": answers.GuessAnswer,
    "ImageTransform": answers.Variation,
    "BoundaryPoint": BoundaryPoint,
    "BoundaryOutputs": BoundaryOutputs,
    "CurvePoint": CurvePoint,
    "CurveOutputs": CurveOutputs,
    "ScatterOutputs": ScatterOutputs,
    "Outputs": Outputs,
    "UnitContribution": explanations.UnitContributionJson,
    "LogitGap": explanations.LogitGapJson,
    "PixelAttribution": explanations.PixelAttributionJson,
    "Shifts": explanations.ShiftMapJson,
    "Explanation": explanations.ExplanationAnswer,
    "NearImage": explanations.NearImage,
    "InfluentialImage": explanations.InfluentialImage,
    "TrainingExamples": explanations.TrainingExamplesAnswer,
    "CounterfactualAnswer": explanations.CounterfactualAnswer,
    "ProbeAnswer": explanations.ProbeAnswer,
}
EVENTS: dict[str, Any] = {
    "BatchProgress": BatchProgressEvent,
    "EpochCompleted": EpochCompletedEvent,
    "RunStatusChanged": RunStatusEvent,
    "RunFinished": RunFinishedEvent,
}
