"""The registry of all rules, with deeper causes before their consequences."""

from __future__ import annotations

from nn.diagnosis.finding import Code
from nn.diagnosis.rules import data, divergence, outcome, signal, steps
from nn.diagnosis.rules.rule import Rule

RULES: dict[Code, Rule] = {
    rule.code: rule
    for rule in (
        data.LabelsMismatched(),
        data.LabelsShifted(),
        data.SplitsDiffer(),
        data.SortedBatches(),
        data.DegenerateFeatures(),
        data.InputScale(),
        signal.IdenticalUnits(),
        steps.SummedCost(),
        data.TargetScale(),
        data.ClassImbalance(),
        data.NoisyLabels(),
        outcome.OverRegularized(),
        steps.OptimizerConstants(),
        steps.LearningRateDecayed(),
        signal.ExplodingGradient(),
        signal.VanishingGradient(),
        signal.InitialCost(),
        signal.SaturatedUnits(),
        signal.SaturatedSquaredLoss(),
        signal.DeadUnits(),
        steps.LearningRateTooHigh(),
        steps.LearningRateTooLow(),
        outcome.TooSmall(),
        outcome.Overfitting(),
        outcome.TooShort(),
        steps.Oscillating(),
        divergence.NotFinite(),
        divergence.Diverging(),
        outcome.InputIgnored(),
        outcome.ConstantPrediction(),
    )
}
