"""Search for the nearest pixels at which a network predicts another class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray
from nn.datasets.scaling import Scaling
from nn.explanations.box_projection import Columns, Limits, nearest_within, norms_of
from nn.explanations.forward_pass import Float64Network, ForwardPass

MOST_STEPS = 40
N_CUTS = 6
MOST_CUTS_AT_A_POINT = 10
MARGIN = 1e-10  # by how much the wanted sum is to be ahead, as a share of how far it was behind, and in itself
LEAST_PROMISE = 1e-6  # of a step, as a share of what there is to gain
LEAST_SHARE = 1e-3  # of a step
FIRST_STRENGTH, STRONGER, STRONGEST = 3.0, 4.0, 1e7
"""How hard a limit may pull, in units of distance: little at first, so that the nearest boundary is met first."""

NUMBERS_AT_ONCE = 600_000  # in the limits of images that are searched for together
NEVER = -1e300  # the value of a limit that is always kept


@dataclass(frozen=True, slots=True, eq=False)
class PixelScaling:
    """The scaling of pixels in 0…1, from black to white, to inputs: (pixel · pixel_max − offset) · scale."""

    scaling: Scaling
    pixel_max: float

    def inputs(self, pixels: Float64Array) -> Float64Array:
        """Return the inputs for pixels (n_images, n_features)."""
        return self.scaling.in_float64(pixels * self.pixel_max)

    @property
    def slopes(self) -> Float64Array:
        """Return the derivative of each input with respect to its pixel, (n_features,), or (1,) if all are equal."""
        return np.asarray(self.pixel_max * self.scaling.scale, np.float64)


class Gaps:
    """Logit gaps between other classes and a target class, for pixels in 0…1.

    The target class must lead by `lead`, which counts as part of the gap.
    """

    def __init__(self, network: Float64Network, scaling: PixelScaling, lead: float = 0.0) -> None:
        self.n_classes = network.layers[-1].weights.shape[1]
        self._network = network
        self._scaling = scaling
        self._lead = lead

    def at(self, pixels: Float64Array, labels: IndexArray) -> Float64Array:
        """Return each logit minus the target logit plus the lead, (n_images, n_classes); NEVER for the target class."""
        logits = self._logits(pixels)
        places = np.arange(len(labels))
        gaps = logits - (logits[places, labels] - self._lead)[:, np.newaxis]
        gaps[places, labels] = NEVER
        return gaps

    def predicted(self, pixels: Float64Array) -> IndexArray:
        """Return the predicted class of each image, (n_images,); −1 if the logits are not finite."""
        logits = self._logits(pixels)
        return np.where(np.isfinite(logits).all(axis=1), logits.argmax(axis=1), -1)

    def gradients(self, pixels: Float64Array, labels: IndexArray, rivals: Sequence[IndexArray]) -> Float64Array:
        """Return the gradients of the gaps of some rivals, (n_images, len(rivals), n_features).

        Each of `rivals` names a class for each image. The gap of the target class itself is constant.
        """
        gradients = np.empty((len(labels), len(rivals), pixels.shape[1]))
        if not len(labels):
            return gradients
        forward_pass = ForwardPass(self._network, self._scaling.inputs(pixels))
        places = np.arange(len(labels))
        for number, rival in enumerate(rivals):
            direction = np.zeros_like(forward_pass.logits)
            direction[places, rival] += 1.0
            direction[places, labels] -= 1.0
            np.multiply(forward_pass.input_gradient(direction), self._scaling.slopes, out=gradients[:, number])
        return gradients

    def _logits(self, pixels: Float64Array) -> Float64Array:
        return self._network.logits(self._scaling.inputs(pixels)) if len(pixels) else np.empty((0, self.n_classes))


@dataclass(frozen=True, slots=True, eq=False)
class _Search(Columns):
    """The state of the search for n images; `places` are their indices among all images.

    `points` are the current pixels and `gaps` (n, n_classes) the gaps there. `rows` and `bases` are linear constraints,
    base + row · (pixels − image) ≤ 0: one for each class from its gap at the point, followed by cuts at points that
    were tried, for the classes `cut_rivals`. `best` is the nearest point so far with the target class.
    """

    places: IndexArray
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
    shares: Float64Array
    behind: Float64Array
    best: Float64Array
    best_sizes: Float64Array


class BoundarySearch:
    """Searches for the nearest pixels, within 0…1, at which images get their target classes.

    Tangents at the current point replace the gaps. The pixels nearest to the image that satisfy all of them are the
    next point, and so on. This is sequential quadratic programming for ½ |change|² with an exact penalty for the
    largest gap (R. Fletcher, "Practical Methods of Optimization", 1987, section 14.3).

    If a step gains less than the tangents promise, there are two cases. If the gap curves upward along the step, its
    tangent at the tried point becomes another constraint, a cut, which locates the crease between two linear pieces. If
    the gap curves downward, the step is halved.
    """

    def __init__(self, network: Float64Network, scaling: PixelScaling, lead: float = 0.0) -> None:
        self.gaps = Gaps(network, scaling, lead)
        self._n_limits = self.gaps.n_classes + N_CUTS

    def run(self, images: Float64Array, labels: IndexArray, starts: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Search from each of `starts` (n, n_features), pixels in 0…1.

        Returns the pixels found, (n, n_features), and their distances from the images, (n,), infinite where none were
        found. The network itself predicts the target class for the found pixels, slightly beyond the lead.
        """
        pixels, sizes = images.copy(), np.full(len(images), np.inf)
        if not len(images):
            return pixels, sizes
        at_once = max(NUMBERS_AT_ONCE // (self._n_limits * images.shape[1]), 2)
        places = np.arange(len(images))
        search = self._begin(places[:at_once], images, labels, starts)
        begun = at_once
        while search.places.size:
            ended = self._step(search)
            done = search.at(np.flatnonzero(ended))
            pixels[done.places], sizes[done.places] = done.best, done.best_sizes
            search = search.at(np.flatnonzero(~ended))
            free = at_once - search.places.size
            if begun < len(places) and free >= at_once // 2:  # few images take as much time as many
                search = search.and_others(self._begin(places[begun : begun + free], images, labels, starts))
                begun += free
        return pixels, sizes

    def _begin(self, places: IndexArray, images: Float64Array, labels: IndexArray, starts: Float64Array) -> _Search:
        images, labels, starts = images[places], labels[places], starts[places]
        n = len(places)
        search = _Search(
            places=places,
            n_steps=np.zeros(n, np.intp),
            images=images,
            labels=labels,
            points=starts,
            gaps=self.gaps.at(starts, labels),
            rows=np.zeros((n, self._n_limits, images.shape[1])),
            bases=np.full((n, self._n_limits), NEVER),
            cut_rivals=np.zeros((n, N_CUTS), np.intp),
            n_cuts=np.zeros(n, np.intp),
            multipliers=np.zeros((n, self._n_limits)),
            strengths=np.full(n, FIRST_STRENGTH),
            penalties=np.zeros(n),
            shares=np.ones(n),
            behind=np.maximum(self.gaps.at(images, labels).max(axis=1), 0.0),
            best=images.copy(),
            best_sizes=np.full(n, np.inf),
        )
        _record(search, starts, search.gaps)
        self._touch(search, np.arange(n))
        return search

    def _step(self, search: _Search) -> NDArray[np.bool_]:
        """Make one step, and return for which images no further step would help."""
        left = np.clip(search.gaps.max(axis=1), 0.0, 1e-3 * search.behind)  # as much again is left after this step
        margins = MARGIN * (1.0 + search.behind) + left
        norms = norms_of(search.rows)
        highest = search.strengths[:, np.newaxis] / norms
        limits = Limits(search.images, search.rows, search.bases + margins[:, np.newaxis], highest)
        nearest = nearest_within(limits, search.multipliers)
        target = nearest.points
        search.multipliers[:] = nearest.multipliers
        np.maximum(search.penalties, 1.5 * nearest.multipliers.sum(axis=1), out=search.penalties)

        now = _merit(search.images, search.points, search.gaps, margins, search.penalties)
        promised = now - _merit(search.images, target, nearest.excess, np.zeros(1), search.penalties)
        tried = search.points + search.shares[:, np.newaxis] * (target - search.points)
        gaps = self.gaps.at(tried, search.labels)
        _record(search, tried, gaps)
        gained = now - _merit(search.images, tried, gaps, margins, search.penalties)

        is_weak = (nearest.multipliers * norms > 0.999 * search.strengths[:, np.newaxis]).any(axis=1)
        is_unsettled = ~is_weak & (nearest.excess.max(axis=1) > MARGIN * (1.0 + search.behind))
        may_grow = is_weak & (search.strengths < STRONGEST)
        search.strengths[is_weak] *= STRONGER
        good = gained >= 0.1 * search.shares * promised
        ended = ~(promised > LEAST_PROMISE * now) & ~may_grow & ~is_unsettled
        stays = ended | ~(promised > 0.0)
        self._move(search, np.flatnonzero(good & ~stays), tried, gaps)
        self._bend(search, np.flatnonzero(~good & ~stays), tried, gaps)
        search.n_steps[:] += 1
        return np.asarray(ended | (search.shares < LEAST_SHARE) | (search.n_steps >= MOST_STEPS))

    def _move(self, search: _Search, places: IndexArray, tried: Float64Array, gaps: Float64Array) -> None:
        """Move to the tried points."""
        search.points[places], search.gaps[places] = tried[places], gaps[places]
        search.shares[places] = np.minimum(2.0 * search.shares[places], 1.0)
        search.n_cuts[places] = 0
        self._touch(search, places)

    def _touch(self, search: _Search, places: IndexArray) -> None:
        """Compute the tangents at the current points, and drop cuts that contradict the gaps there."""
        n_classes = self.gaps.n_classes
        rivals = [np.full(len(places), rival) for rival in range(n_classes)]
        moves = (search.points[places] - search.images[places])[:, :, np.newaxis]
        rows = self.gaps.gradients(search.points[places], search.labels[places], rivals)
        search.rows[places, :n_classes] = rows
        search.bases[places, :n_classes] = search.gaps[places] - np.matmul(rows, moves)[:, :, 0]
        values = search.bases[places, n_classes:] + np.matmul(search.rows[places, n_classes:], moves)[:, :, 0]
        gaps = np.take_along_axis(search.gaps[places], search.cut_rivals[places], axis=1)
        which, cuts = np.nonzero(values > gaps + 1e-9 * (1.0 + search.behind[places, np.newaxis]))
        search.rows[places[which], n_classes + cuts] = 0.0
        search.bases[places[which], n_classes + cuts] = NEVER
        search.multipliers[places[which], n_classes + cuts] = 0.0

    def _bend(self, search: _Search, places: IndexArray, tried: Float64Array, gaps: Float64Array) -> None:
        """Add cuts at points that were tried without gain, or halve the steps to them."""
        rivals = gaps[places].argmax(axis=1)
        rows = self.gaps.gradients(tried[places], search.labels[places], [rivals])[:, 0]
        bases = gaps[places, rivals] - np.einsum("nd,nd->n", rows, tried[places] - search.images[places])
        values = bases + np.einsum("nd,nd->n", rows, search.points[places] - search.images[places])
        agrees = values <= search.gaps[places, rivals] + 1e-9 * (1.0 + search.behind[places])
        agrees &= search.n_cuts[places] < MOST_CUTS_AT_A_POINT
        search.shares[places] = np.where(agrees, 1.0, 0.5 * search.shares[places])

        places, first = places[agrees], self.gaps.n_classes
        unused = search.bases[places, first:] == NEVER
        cuts = np.where(unused, -1.0, search.multipliers[places, first:]).argmin(axis=1)
        search.rows[places, first + cuts] = rows[agrees]
        search.bases[places, first + cuts] = bases[agrees]
        search.multipliers[places, first + cuts] = 0.0
        search.cut_rivals[places, cuts] = rivals[agrees]
        search.n_cuts[places] += 1


def _record(search: _Search, tried: Float64Array, gaps: Float64Array) -> None:
    """Store the tried points that have the target class and are nearer than any before."""
    sizes = np.sqrt(np.square(tried - search.images).sum(axis=1))
    better = (gaps.max(axis=1) < 0.0) & (sizes < search.best_sizes)
    search.best[better], search.best_sizes[better] = tried[better], sizes[better]


def _merit(
    images: Float64Array, points: Float64Array, gaps: Float64Array, margins: Float64Array, penalties: Float64Array
) -> Float64Array:
    """Return ½ |change|² plus the penalty for the largest remaining gap, (n,)."""
    worst = np.maximum(gaps.max(axis=1) + margins, 0.0)
    merit: Float64Array = 0.5 * np.square(points - images).sum(axis=1) + penalties * worst
    return merit
