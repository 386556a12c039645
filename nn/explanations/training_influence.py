"""Nearest and most influential training images of one prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from nn.array_types import Float32Array, Float64Array, IndexArray
from nn.explanations.activation_cache import ActivationCache, Chunk, output_deltas
from nn.explanations.forward_pass import Float64Network, ForwardPass
from nn.explanations.nearest_neighbors import N_CANDIDATES, N_SHOWN, Neighbor, nearest, nearest_by_pixels, smallest
from nn.explanations.training_images import TrainingImages
from nn.hyperparameters.schema import Hyperparameters
from nn.model.losses import LOSSES
from nn.parallel.blas_threads import limit_blas_to_one_thread

_preparing = Lock()  # whoever else wants the same file can use it afterwards


@dataclass(frozen=True, slots=True, eq=False)
class StoredNetwork:
    """A stored network that represents a range of epochs; `load` reads it.

    `learning` is the sum of the learning rates of these epochs, or their number if the optimizer searched for
    the length of each step.
    """

    epoch: int
    learning: float
    load: Callable[[], Float64Network]


@dataclass(frozen=True, slots=True)
class TrainingInfluence:
    """A training image and its influence on the logit gap: positive toward the predicted class, negative toward the
    rival.

    `index` is its row among all stored images.
    """

    index: int
    label: int
    push: float


@dataclass(frozen=True, slots=True)
class Examples:
    """The five nearest training images, nearest first, and the five most influential ones, by magnitude; fewer if there
    are not as many or their values are not finite.

    `by_hidden` compares activations of the last hidden layer; it is None without one. `checkpoints` are the epochs of
    the networks that the influence is summed over.
    """

    by_pixels: tuple[Neighbor, ...]
    by_hidden: tuple[Neighbor, ...] | None
    pushes: tuple[TrainingInfluence, ...]
    checkpoints: tuple[int, ...]


class InfluenceFinder:
    """Finds the training images that had most to do with an answer.

    The push of a training image on the gap z_predicted − z_rival of another image is, summed over some of the networks
    that training went through,

        learning rates of the epochs that the network stands for · times the image is seen in an epoch · share of the
        image in the gradient of a batch · (−∇loss of the training image · ∇gap),

    with gradients with respect to all parameters: TracInCP (G. Pruthi et al., "Estimating Training Data Influence by
    Tracing Gradient Descent", 2020) with the gap in place of the loss. It is in units of the gap, and to first order
    what plain gradient descent at these points would have moved it. The share is 1/batch size where the cost of a batch
    is a mean, else 1. The penalty and dropout are left out. So is what the optimizer makes of a gradient: momentum μ
    takes the same step again with μ, μ², …, so that all pushes are 1/(1 − μ) times as far; RMSProp and Adam take
    each parameter's step in proportion to its usual gradient, and a search chooses its own length (1 is taken for it),
    so that with those pushes compare images, but do not add up to the gap.

    What depends on the training images alone is prepared and kept in files: see `activation_cache`. Every figure that
    is told is in double precision, from the images and weights themselves.
    """

    def __init__(
        self,
        checkpoints: Sequence[StoredNetwork],
        images: TrainingImages,
        hyperparameters: Hyperparameters,
        class_codes: Float64Array,
        folder: Path,
    ) -> None:
        """Take the networks in the order of their epochs and the images that they were trained on.

        A network is loaded each time that it is needed, so that large ones are not all there at once.
        `class_codes` (n_classes, n_outputs) is the data set's. `folder` is for files of this alone: it is made where
        it is missing, up to 64 MB for each network are written to it, and files of networks that are no longer asked
        for are removed. It may be removed at any time.
        """
        self._checkpoints = checkpoints
        self._images = images
        self._h = hyperparameters
        self._codes = class_codes
        self._loss = LOSSES[hyperparameters.loss]
        self._traces = ActivationCache(images, self._loss, class_codes, folder)

    @np.errstate(all="ignore")
    def explain(self, image: Float64Array, predicted: int, rival: int, network_now: Float64Network) -> Examples:
        """The training images that had most to do with how `image` (n_features,) was read.

        Its pixels are 0…1 from black to white. `network_now` is the network whose answer it is and whose hidden layer
        compares images; it need not be among the checkpoints. Several threads may ask at once. Raises what `load` does.
        """
        images = self._images
        self._prepare(network_now)
        with limit_blas_to_one_thread():
            stored = image * images.pixel_max
            inputs = images.scaled(stored)
            products = images.products(np.stack([stored, inputs * images.scale], axis=1))
            by_pixels = nearest_by_pixels(images, image, products[:, 0])
            of_inputs = products[:, 1] - np.float32((images.offset * images.scale) @ inputs)
            direction = network_now.logit_difference(predicted, rival)
            return Examples(
                by_pixels=by_pixels,
                by_hidden=self._nearest_by_hidden(_Query(network_now, inputs, direction)),
                pushes=self._largest_pushes(inputs, direction, of_inputs),
                checkpoints=tuple(checkpoint.epoch for checkpoint in self._checkpoints),
            )

    def _prepare(self, network_now: Float64Network) -> None:
        with _preparing, limit_blas_to_one_thread():
            staying = [self._traces.prepare(checkpoint.load()) for checkpoint in self._checkpoints]
            if network_now.n_hidden_layers:
                staying.append(self._traces.prepare(network_now))
            self._traces.tidy(staying)

    def _nearest_by_hidden(self, query: _Query) -> tuple[Neighbor, ...] | None:
        if not query.network.n_hidden_layers:
            return None
        hidden = query.activations[-1]
        single = hidden.astype(np.float32)
        squares = np.empty(len(self._images), np.float32)
        for stretch in self._traces.chunks(query.network):
            differences = stretch.hidden[-1]
            np.subtract(differences, single, out=differences)
            np.einsum("ij,ij->i", differences, differences, out=squares[stretch.places])

        def exactly(places: IndexArray) -> Float64Array:
            inputs = self._images.inputs(places)
            differences: Float64Array = ForwardPass(query.network, inputs).activations[-1] - hidden
            differences[(inputs == query.activations[0]).all(axis=1)] = 0.0  # not even rounding sets them apart
            return differences

        return nearest(self._images, squares, exactly)

    def _largest_pushes(
        self, inputs: Float64Array, direction: Float64Array, of_inputs: Float32Array
    ) -> tuple[TrainingInfluence, ...]:
        about = np.zeros(len(self._images), np.float32)
        for checkpoint in self._checkpoints:
            products = self._products(_Query(checkpoint.load(), inputs, direction), of_inputs)
            about += np.float32(self._weight(checkpoint)) * products
        places = np.sort(smallest(-np.abs(about), N_CANDIDATES))
        if not places.size:
            return ()
        pushes = np.zeros(len(places))
        for checkpoint in self._checkpoints:
            exactly = self._exact_products(_Query(checkpoint.load(), inputs, direction), places)
            pushes -= self._weight(checkpoint) * exactly
        found = smallest(-np.abs(pushes), N_SHOWN)
        found = found[pushes[found] != 0.0]
        rows = self._images.split.stored_rows[places[found]]
        labels = self._images.split.labels[places[found]]
        return tuple(map(TrainingInfluence, rows.tolist(), labels.tolist(), pushes[found].tolist()))

    def _weight(self, checkpoint: StoredNetwork) -> float:
        """By what the product of the gradients is multiplied, the sign apart."""
        h = self._h
        batch_size = h.batch_size_for(len(self._images))
        times_seen = batch_size if h.takes_windows else 1
        share = 1.0 / batch_size if h.reduction == "mean" else 1.0
        return checkpoint.learning * times_seen * share

    def _products(self, query: _Query, of_inputs: Float32Array) -> Float32Array:
        """∇loss · ∇gap for each training image, (n_images,), in single precision."""
        layers = [layer.weights.astype(np.float32) for layer in query.network.layers]
        products = np.empty(len(self._images), np.float32)
        for stretch in self._traces.chunks(query.network):
            products[stretch.places] = self._products_of(stretch, query, layers, of_inputs)
        return products

    def _products_of(
        self, stretch: Chunk, query: _Query, layers: Sequence[Float32Array], of_inputs: Float32Array
    ) -> Float32Array:
        """∇loss · ∇gap for each image of a stretch, (n_images,), by the weights of the `layers` in single precision.

        A layer's gradient is the outer product of what it receives and of its deltas, so that the product of two such
        gradients is the product of two dot products.
        """
        deltas = stretch.deltas
        received = [of_inputs[stretch.places]]
        received += [
            hidden @ single for hidden, single in zip(stretch.hidden, query.single_activations[1:], strict=True)
        ]
        total = (deltas @ query.single_deltas[-1]) * (received[-1] + self._h.use_bias)
        for place in range(len(layers) - 2, -1, -1):
            slopes = query.slopes(place, stretch.hidden[place])
            if place:
                deltas = (deltas @ layers[place + 1].T) * slopes
                shared = deltas @ query.single_deltas[place]
            else:  # the last deltas are wanted for this product alone, which can be had for less
                shared = np.einsum("ij,ij->i", slopes @ (query.single_deltas[0][:, np.newaxis] * layers[1]), deltas)
            total += shared * (received[place] + self._h.use_bias)
        return total

    def _exact_products(self, query: _Query, places: IndexArray) -> Float64Array:
        """The same for the images at `places` (n,), in double precision."""
        forward_pass = ForwardPass(query.network, self._images.inputs(places))
        activation = query.network.layers[-1].activation
        outputs = forward_pass.logits.copy()
        activation.forward(outputs, np.empty_like(outputs))
        targets = self._codes[self._images.split.labels[places]]
        deltas = forward_pass.deltas(output_deltas(self._loss, outputs, targets, activation))
        total = np.zeros(len(places))
        for mine, received, gap_deltas, gap_received in zip(
            deltas, forward_pass.activations, query.deltas, query.activations, strict=True
        ):
            total += (mine @ gap_deltas) * (received @ gap_received + self._h.use_bias)
        return total


class _Query:
    """An image in a network: what each layer receives, (n_inputs,), and how the gap depends on its sums, (n_units,)."""

    def __init__(self, network: Float64Network, inputs: Float64Array, direction: Float64Array) -> None:
        forward_pass = ForwardPass(network, inputs[np.newaxis])
        self.network = network
        self.activations = [activations[0] for activations in forward_pass.activations]
        self.deltas = [deltas[0] for deltas in forward_pass.deltas(direction)]
        self.single_activations: list[Float32Array] = [values.astype(np.float32) for values in self.activations]
        self.single_deltas: list[Float32Array] = [values.astype(np.float32) for values in self.deltas]

    def slopes(self, place: int, hidden: Float32Array) -> Float32Array:
        """The slopes of hidden layer `place` at its activations, of the same shape."""
        slopes = np.ones_like(hidden)
        self.network.layers[place].activation.backward(hidden, slopes, np.empty_like(hidden))
        return slopes
