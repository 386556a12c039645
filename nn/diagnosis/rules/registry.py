"""The registry of all rules, with deeper causes before their consequences."""

from __future__ import annotations

from nn.diagnosis.finding import Code
from nn.diagnosis.rules import (
    divergence,
    examples,
    gradients,
    labels,
    optimizer,
    outcome,
    regularization,
    scales,
    steps,
    units,
)
from nn.diagnosis.rules.rule import Rule

RULES: dict[Code, Rule] = {
    rule.code: rule
    for rule in (
        labels.LabelsMismatched(),
        labels.LabelsShifted(),
        examples.SplitsDiffer(),
        examples.SortedBatches(),
        examples.DegenerateFeatures(),
        scales.InputScale(),
        units.IdenticalUnits(),
        optimizer.SummedCost(),
        scales.TargetScale(),
        examples.ClassImbalance(),
        labels.NoisyLabels(),
        regularization.OverRegularized(),
        optimizer.OptimizerConstants(),
        optimizer.LearningRateDecayed(),
        gradients.ExplodingGradient(),
        gradients.VanishingGradient(),
        units.InitialCost(),
        units.SaturatedUnits(),
        gradients.SaturatedSquaredLoss(),
        units.DeadUnits(),
        steps.LearningRateTooHigh(),
        steps.LearningRateTooLow(),
        outcome.TooSmall(),
        regularization.Overfitting(),
        outcome.TooShort(),
        steps.Oscillating(),
        divergence.NotFinite(),
        divergence.Diverging(),
        outcome.InputIgnored(),
        outcome.ConstantPrediction(),
    )
}
