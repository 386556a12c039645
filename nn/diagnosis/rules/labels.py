"""Rules about the labels."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import TROUBLE, Rule


class LabelsMismatched(Rule):
    """The nearest neighbors of the examples agree with their labels hardly more often than random labels would.

    Guard: hard data also have a low agreement, so the rule compares it with the agreement of random labels; and a
    network that predicts held-out examples well refutes it.
    Remedy: load the data again, so that each label belongs to its image.
    Source: Cover and Hart, Nearest Neighbor Pattern Classification, 1967; exact.
    """

    code: ClassVar[Code] = "labels_mismatched"
    explains: ClassVar[tuple[Code, ...]] = (*TROUBLE, "overfitting", "noisy_labels")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the agreement of the nearest neighbors with that of random labels."""
        data = case.data
        if data is None or data.neighbor_agreement is None or data.chance_agreement is None:
            return None
        chance, agreement = data.chance_agreement, data.neighbor_agreement
        if chance > 0.7:
            return None
        excess = (agreement - chance) / (1 - chance)
        test = data.test_neighbor_agreement
        is_test = excess > 0.3 and test is not None and test < chance + 0.4 * (agreement - chance) and data.n_test >= 50
        if is_test and test is not None:
            agreement = test
        elif excess > 0.12 or case.held_out_accuracy > chance + 0.4:
            return None
        where = "test labels" if is_test else "labels"
        return case.finding(
            self.code,
            0.95,
            f"Nearest neighbors have the same label in {agreement:.0%} of the cases; {chance:.0%} would be chance",
            f"Examples that look alike have unrelated {where}, so there is nothing to learn but the examples "
            "themselves. The labels do not belong to the examples, or the examples have been destroyed.",
            Evidence(f"fraction of {where} that their nearest neighbors have", agreement),
            Evidence("fraction of random labels that their nearest neighbors would have", chance),
            known_by="exact",
        )


class LabelsShifted(Rule):
    """Renaming the predicted classes would make most test predictions correct.

    The best renaming is the permutation of the confusion matrix with the largest trace.

    Guard: a network that predicts one class gains nothing from a permutation. At least three tenths of the test
    examples must become correct.
    Remedy: use the same numbers for the classes in all splits.
    Source: Kuhn, The Hungarian Method, 1955; exact.
    """

    code: ClassVar[Code] = "labels_shifted"
    explains: ClassVar[tuple[Code, ...]] = ("overfitting", "constant_prediction", "labels_mismatched")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Find the permutation of the confusion matrix with the largest trace."""
        confusion = case.evidence.confusion
        if confusion is None or confusion.sum() < 20:
            return self._from_neighbors(case)
        rows, columns = linear_sum_assignment(confusion, maximize=True)
        permuted = float(confusion[rows, columns].sum() / confusion.sum())
        accuracy = float(np.trace(confusion) / confusion.sum())
        if permuted - accuracy < 0.3 or permuted < 0.6:
            return self._from_neighbors(case)
        names = case.evidence.hyperparameters.dataset_spec.class_names
        moved = [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if row != column]
        example = f", for example {names[moved[0][0]]} to {names[moved[0][1]]}" if moved and names else ""
        return case.finding(
            self.code,
            0.97,
            f"Renaming the classes would raise the test accuracy from {accuracy:.1%} to {permuted:.1%}{example}",
            "The network separates the classes, but the test labels number them differently from the training labels. "
            "The confusion matrix has its large counts off the diagonal.",
            Evidence("test accuracy", accuracy, None, "accuracy"),
            Evidence("test accuracy after the best renaming", permuted, place="accuracy"),
            known_by="exact",
        )

    def _from_neighbors(self, case: Case) -> Finding | None:
        data = case.data
        if data is None or data.neighbor_agreement is None or data.test_neighbor_agreement is None:
            return None
        chance = data.chance_agreement or 0.0
        margin = 3 * math.sqrt(max(chance * (1 - chance), 1e-4) / max(min(data.n_test, 500), 1))
        if (
            case.chance > 0.5
            or data.neighbor_agreement < 0.6
            or not data.test_neighbor_agreement < chance - margin
            or data.n_test < 50
        ):
            return None
        return case.finding(
            self.code,
            0.9,
            f"Only {data.test_neighbor_agreement:.0%} of the test examples have the label of their nearest neighbor; "
            f"in the training split, {data.neighbor_agreement:.0%} have it",
            "This is less than random labels would give, so the test labels are systematically different: they number "
            "the classes in another way.",
            Evidence("fraction of test labels that their nearest neighbors have", data.test_neighbor_agreement),
            Evidence("fraction of random labels that their nearest neighbors would have", chance),
            Evidence("fraction of training labels that their nearest neighbors have", data.neighbor_agreement),
            known_by="exact",
        )


class NoisyLabels(Rule):
    """Many training labels are wrong: nearest neighbors disagree with them, but the test labels are predictable.

    Guard: classes that are hard to distinguish give the same agreement in both splits, and a network that does not
    exceed it.
    Remedy: correct the label suspects, or stop early.
    Source: Northcutt, Jiang and Chuang, Confident Learning, 2021, for the idea of out-of-sample agreement.
    """

    code: ClassVar[Code] = "noisy_labels"
    explains: ClassVar[tuple[Code, ...]] = ("overfitting", "too_small", "too_short", "oscillating")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the agreement of neighbors within the training split with the results on the test split."""
        data = case.data
        if data is None or data.neighbor_agreement is None or data.chance_agreement is None:
            return None
        chance, agreement = data.chance_agreement, data.neighbor_agreement
        if (agreement - chance) / max(1 - chance, 0.01) < 0.12 or agreement > 0.85:
            return None
        known = case.evidence.curves.test_accuracy
        best = float(np.nanmax(known)) if np.isfinite(known).any() else math.nan
        test = data.test_neighbor_agreement if data.test_neighbor_agreement is not None else math.nan
        clean = max((each for each in (best, test) if math.isfinite(each)), default=math.nan)
        if not clean > agreement + 0.12:
            return None
        # Two labels agree by their classes if both are right, and seldom otherwise.
        noise = 1 - math.sqrt(max(agreement - chance, 0) / max(1 - chance, 0.01))
        return case.finding(
            self.code,
            0.85 if clean > agreement + 0.2 else 0.6,
            f"Nearest neighbors have the same training label in {agreement:.0%} of the cases, but test examples are "
            f"predictable in {clean:.0%}",
            f"About {noise:.0%} of the training labels seem to be wrong. A network that fits them memorizes the errors "
            "and loses accuracy on other examples.",
            Evidence("fraction of training labels that their nearest neighbors have", agreement),
            Evidence("fraction of test labels that neighbors or the network predict", clean, place="accuracy"),
        )
