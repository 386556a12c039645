"""Search for the nearest pixels for which a network predicts another class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray
from nn.explanations.box_projection import Limits, ProblemArrays, nearest_within, row_norms
from nn.explanations.class_gaps import ALWAYS_SATISFIED, Gaps, PixelScaling
from nn.explanations.forward_pass import Float64Network

N_CUTS = 6
MAX_CUTS_AT_POINT = 10
MARGIN = 1e-10  # required lead of the target logit, as a fraction of (1 + initial gap)
MIN_STEP_FRACTION = 1e-3
INITIAL_STRENGTH, STRENGTH_GROWTH, MAX_STRENGTH = 3.0, 4.0, 1e4
"""The strength is the largest distance by which a single constraint may move a point.

It is small at first, so that the search finds the nearest boundary first.
"""

NEAR_KNOWN = 0.02  # a distance from a known point, as a fraction of the size of the known change
PATIENCE, MAX_RATIO = 8, 1.5
"""A search is abandoned if its change is MAX_RATIO times as large as a known change after PATIENCE steps."""

MAX_NUMBERS = 600_000  # numbers in the constraint rows of all images that are searched together


@dataclass(frozen=True, slots=True)
class Effort:
    """How precisely a search computes its result.

    A search ends after `max_steps` steps, or if a step would gain less than the fraction `min_gain` of the merit.
    """

    min_gain: float
    max_steps: int


ROUGH, FULL = Effort(1e-3, 25), Effort(1e-6, 40)


@dataclass(frozen=True, slots=True, eq=False)
class _Task(ProblemArrays):
    """The images (n, n_features), their target classes (n,), and the points (n, n_features) where searches begin.

    `known` (n, n_features) are points with the target class that earlier searches found. `known_sizes` (n,) are their
    distances from the images, which are infinite where no point is known.
    """

    images: Float64Array
    labels: IndexArray
    starts: Float64Array
    known: Float64Array
    known_sizes: Float64Array


@dataclass(frozen=True, slots=True, eq=False)
class _Search(ProblemArrays):
    """The state of the search for n images; `indices` are their indices among all images.

    `points` are the current pixels, and `gaps` (n, n_classes) are their gaps.

    `rows` and `bases` define the linear constraints base + row · (pixels − image) ≤ 0. The first constraints are the
    tangents of the gaps of all classes at the current point. The others are cuts: tangents of the gaps of the classes
    `cut_rivals`, at points that the search has tried. `strengths` limit the multipliers of the constraints.

    `penalties` are the factors by which `_merit` multiplies the largest gaps, and `step_fractions` are the factors by
    which `_step` multiplies the full steps. `best` is the nearest point so far that has the target class, and
    `best_sizes` is its distance from the image.
    """

    indices: IndexArray
    n_steps: IndexArray
    images: Float64Array
    labels: IndexArray
    points: Float64Array
    gaps: Float64Array
    rows: Float64Array
    bases: Float64Array
    cut_rivals: IndexArray
    n_cuts: IndexArray
    multipliers: Float64Array
    strengths: Float64Array
    penalties: Float64Array
    step_fractions: Float64Array
    initial_gaps: Float64Array
    known: Float64Array
    known_sizes: Float64Array
    best: Float64Array
    best_sizes: Float64Array


class BoundarySearch:
    """A search for the nearest pixels within 0…1 for which the network predicts a target class.

    One search handles many images at once, each with its own target class.

    Each step replaces the gaps by their tangents at the current point. The next point is the point nearest to the image
    at which no tangent is positive. This method is sequential quadratic programming (R. Fletcher, "Practical Methods of
    Optimization", 1987, section 14.3). It minimizes the merit, which is ½ |change|² plus an exact penalty for the
    largest gap.

    If a step reduces the merit by much less than the tangents predict, there are two cases. If the gap curves upward
    along the step, the search adds a cut: the tangent of the gap at the tried point becomes another constraint. Cuts
    locate the crease between two linear pieces of the gap. If the gap curves downward, the search halves the step.
    """

    def __init__(self, network: Float64Network, scaling: PixelScaling) -> None:
        self.gaps = Gaps(network, scaling)
        self._n_constraints = self.gaps.n_classes + N_CUTS

    def run(
        self,
        images: Float64Array,
        labels: IndexArray,
        starts: Float64Array,
        effort: Effort = FULL,
        known: tuple[Float64Array, Float64Array] | None = None,
    ) -> tuple[Float64Array, Float64Array]:
        """From `starts` (n, n_features), search for the point beyond the boundary that is nearest to each of `images`.

        Returns the points (n, n_features) and their distances (n,) from the images. A distance is infinite if the
        search failed. At a point, the target logit exceeds all other logits by slightly more than rounding can cause.

        `known` are points and distances that an earlier search returned. Searches that approach these points, or stay
        much farther from the image, are abandoned, because they would find nothing better.
        """
        if known is None:
            known = images, np.full(len(images), np.inf)
        pixels, sizes = images.copy(), np.full(len(images), np.inf)
        if not len(images):
            return pixels, sizes
        group_size = max(MAX_NUMBERS // (self._n_constraints * images.shape[1]), 2)
        indices = np.arange(len(images))
        task = _Task(images, labels, starts, *known)
        search = self._begin(indices[:group_size], task)
        n_begun = group_size
        while search.indices.size:
            has_ended = self._step(search, effort)
            ended = search.select(np.flatnonzero(has_ended))
            pixels[ended.indices], sizes[ended.indices] = ended.best, ended.best_sizes
            search = search.select(np.flatnonzero(~has_ended))
            n_free = group_size - search.indices.size
            # A step takes as much time for few images as for many, so new images are added in large groups.
            if n_begun < len(indices) and n_free >= group_size // 2:
                added = indices[n_begun : n_begun + n_free]
                search = search.append(self._begin(added, task))
                n_begun += n_free
        return pixels, sizes

    def _begin(self, indices: IndexArray, task: _Task) -> _Search:
        task = task.select(indices)
        images, labels, starts = task.images, task.labels, task.starts
        n = len(indices)
        search = _Search(
            indices=indices,
            n_steps=np.zeros(n, np.intp),
            images=images,
            labels=labels,
            points=starts.copy(),  # steps replace its rows
            gaps=self.gaps.at(starts, labels),
            rows=np.zeros((n, self._n_constraints, images.shape[1])),
            bases=np.full((n, self._n_constraints), ALWAYS_SATISFIED),
            cut_rivals=np.zeros((n, N_CUTS), np.intp),
            n_cuts=np.zeros(n, np.intp),
            multipliers=np.zeros((n, self._n_constraints)),
            strengths=np.full(n, INITIAL_STRENGTH),
            penalties=np.zeros(n),
            step_fractions=np.ones(n),
            initial_gaps=np.maximum(self.gaps.at(images, labels).max(axis=1), 0.0),
            known=task.known,
            known_sizes=task.known_sizes,
            best=images.copy(),
            best_sizes=np.full(n, np.inf),
        )
        _update_best(search, starts, search.gaps)
        self._update_tangents(search, np.arange(n))
        return search

    def _step(self, search: _Search, effort: Effort) -> NDArray[np.bool_]:
        """Make one step, and return a mask (n,) of the images for which no further step would help."""
        # The tangents must fall to −margin. A margin as large as the gap lets a step cross even a curved boundary.
        remaining = np.clip(search.gaps.max(axis=1), 0.0, 1e-3 * search.initial_gaps)
        margins = MARGIN * (1.0 + search.initial_gaps) + remaining
        norms = row_norms(search.rows)
        highest = search.strengths[:, np.newaxis] / norms
        limits = Limits(search.images, search.rows, search.bases + margins[:, np.newaxis], highest)
        nearest = nearest_within(limits, search.multipliers)
        target = nearest.points
        search.multipliers[:] = nearest.multipliers
        np.maximum(search.penalties, 1.5 * nearest.multipliers.sum(axis=1), out=search.penalties)

        merit = _merit(search.images, search.points, search.gaps, margins, search.penalties)
        predicted_gain = merit - _merit(search.images, target, nearest.excess, np.zeros(1), search.penalties)
        tried = search.points + search.step_fractions[:, np.newaxis] * (target - search.points)
        gaps = self.gaps.at(tried, search.labels)
        _update_best(search, tried, gaps)
        gain = merit - _merit(search.images, tried, gaps, margins, search.penalties)

        at_strength = (nearest.multipliers * norms > 0.999 * search.strengths[:, np.newaxis]).any(axis=1)
        is_violated = ~at_strength & (nearest.excess.max(axis=1) > MARGIN * (1.0 + search.initial_gaps))
        may_strengthen = at_strength & (search.strengths < MAX_STRENGTH)
        search.strengths[at_strength] *= STRENGTH_GROWTH
        is_good = gain >= 0.1 * search.step_fractions * predicted_gain
        ended = ~(predicted_gain > effort.min_gain * merit) & ~may_strengthen & ~is_violated
        stays = ended | ~(predicted_gain > 0.0)
        self._move(search, np.flatnonzero(is_good & ~stays), tried, gaps)
        self._add_cuts_or_halve_steps(search, np.flatnonzero(~is_good & ~stays), tried, gaps)
        search.n_steps[:] += 1
        ended |= (search.step_fractions < MIN_STEP_FRACTION) | (search.n_steps >= effort.max_steps)
        return np.asarray(ended | _is_pointless(search))

    def _move(self, search: _Search, selected: IndexArray, tried: Float64Array, gaps: Float64Array) -> None:
        """Replace the current points of the images at `selected` by the tried points."""
        search.points[selected], search.gaps[selected] = tried[selected], gaps[selected]
        search.step_fractions[selected] = np.minimum(2.0 * search.step_fractions[selected], 1.0)
        search.n_cuts[selected] = 0
        self._update_tangents(search, selected)

    def _update_tangents(self, search: _Search, selected: IndexArray) -> None:
        """Compute the tangents at the current points, and remove the cuts that exceed the gaps at these points."""
        n_classes = self.gaps.n_classes
        rivals = [np.full(len(selected), rival) for rival in range(n_classes)]
        moves = (search.points[selected] - search.images[selected])[:, :, np.newaxis]
        rows = self.gaps.gradients(search.points[selected], search.labels[selected], rivals)
        search.rows[selected, :n_classes] = rows
        search.bases[selected, :n_classes] = search.gaps[selected] - np.matmul(rows, moves)[:, :, 0]
        values = search.bases[selected, n_classes:] + np.matmul(search.rows[selected, n_classes:], moves)[:, :, 0]
        gaps = np.take_along_axis(search.gaps[selected], search.cut_rivals[selected], axis=1)
        contradicted, cuts = np.nonzero(values > gaps + 1e-9 * (1.0 + search.initial_gaps[selected, np.newaxis]))
        search.rows[selected[contradicted], n_classes + cuts] = 0.0
        search.bases[selected[contradicted], n_classes + cuts] = ALWAYS_SATISFIED
        search.multipliers[selected[contradicted], n_classes + cuts] = 0.0

    def _add_cuts_or_halve_steps(
        self, search: _Search, selected: IndexArray, tried: Float64Array, gaps: Float64Array
    ) -> None:
        """Add a cut at each tried point, or halve the step if the cut would exceed the gap at the current point.

        The step is also halved if the current point already has MAX_CUTS_AT_POINT cuts.
        """
        rivals = gaps[selected].argmax(axis=1)
        rows = self.gaps.gradients(tried[selected], search.labels[selected], [rivals])[:, 0]
        bases = gaps[selected, rivals] - np.einsum("nd,nd->n", rows, tried[selected] - search.images[selected])
        values = bases + np.einsum("nd,nd->n", rows, search.points[selected] - search.images[selected])
        agrees = values <= search.gaps[selected, rivals] + 1e-9 * (1.0 + search.initial_gaps[selected])
        agrees &= search.n_cuts[selected] < MAX_CUTS_AT_POINT
        search.step_fractions[selected] = np.where(agrees, 1.0, 0.5 * search.step_fractions[selected])

        selected, first = selected[agrees], self.gaps.n_classes
        unused = search.bases[selected, first:] == ALWAYS_SATISFIED
        cuts = np.where(unused, -1.0, search.multipliers[selected, first:]).argmin(axis=1)
        search.rows[selected, first + cuts] = rows[agrees]
        search.bases[selected, first + cuts] = bases[agrees]
        search.multipliers[selected, first + cuts] = 0.0
        search.cut_rivals[selected, cuts] = rivals[agrees]
        search.n_cuts[selected] += 1


def _update_best(search: _Search, tried: Float64Array, gaps: Float64Array) -> None:
    """Store the tried points that have the target class and are nearer to the image than the best point so far.

    The target logit must lead by half of the margin, so that the class does not depend on the rounding of the logits.
    """
    sizes = np.sqrt(np.square(tried - search.images).sum(axis=1))
    leads = 0.5 * MARGIN * (1.0 + search.initial_gaps)
    is_better = (gaps.max(axis=1) < -leads) & (sizes < search.best_sizes)
    search.best[is_better], search.best_sizes[is_better] = tried[is_better], sizes[is_better]


def _is_pointless(search: _Search) -> NDArray[np.bool_]:
    """Return a mask (n,) of the searches that would find no point better than the known one."""
    is_near = np.linalg.norm(search.points - search.known, axis=1) < NEAR_KNOWN * search.known_sizes
    is_far = np.linalg.norm(search.points - search.images, axis=1) > MAX_RATIO * search.known_sizes
    return np.asarray(np.isfinite(search.known_sizes) & (is_near | (is_far & (search.n_steps >= PATIENCE))))


def _merit(
    images: Float64Array, points: Float64Array, gaps: Float64Array, margins: Float64Array, penalties: Float64Array
) -> Float64Array:
    """Return the merit (n,): ½ |change|² + penalty · largest positive gap."""
    largest = np.maximum(gaps.max(axis=1) + margins, 0.0)
    merit: Float64Array = 0.5 * np.square(points - images).sum(axis=1) + penalties * largest
    return merit
