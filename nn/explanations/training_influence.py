"""The training images that are nearest to an explained image or most influential on its prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from nn.array_types import Float32Array, Float64Array, IndexArray
from nn.explanations.activation_cache import ActivationCache, Chunk
from nn.explanations.forward_pass import Float64Network, ForwardPass
from nn.explanations.nearest_neighbors import N_CANDIDATES, N_SHOWN, Neighbor, nearest, nearest_by_pixels, smallest
from nn.explanations.training_images import TrainingImages
from nn.hyperparameters.schema import Hyperparameters
from nn.model.output_loss import OutputLoss
from nn.parallel.blas_threads import limit_blas_to_one_thread

_preparing = Lock()  # prevents two threads from computing the same file


@dataclass(frozen=True, slots=True, eq=False)
class StoredNetwork:
    """A stored network that represents a range of epochs. `load` reads the network from its file.

    `learning_rate_sum` is the sum of the learning rates of these epochs. If the optimizer searches for the length of
    each step, it is the number of these epochs.
    """

    epoch: int
    learning_rate_sum: float
    load: Callable[[], Float64Network]


@dataclass(frozen=True, slots=True)
class TrainingInfluence:
    """A training image and its influence on the logit gap.

    The influence is positive if the image favors the predicted class over its rival. `index` is the row of the image
    among all stored images.
    """

    index: int
    label: int
    influence: float


@dataclass(frozen=True, slots=True)
class Examples:
    """The five nearest training images, nearest first, and the five training images with the largest influence.

    Influences are compared by magnitude. The lists are shorter if the training split is small or values are not finite.
    `by_pixels` are the nearest images if pixels are compared. `by_hidden` are the nearest images if the activations of
    the last hidden layer are compared, or None without a hidden layer. `checkpoints` are the epochs of the networks
    over which the influence is summed.
    """

    by_pixels: tuple[Neighbor, ...]
    by_hidden: tuple[Neighbor, ...] | None
    influential: tuple[TrainingInfluence, ...]
    checkpoints: tuple[int, ...]


class InfluenceFinder:
    """A finder of the training images that are nearest to another image or most influential on its prediction.

    The influence of a training image on the logit gap z_predicted − z_rival of another image is a sum over
    `checkpoints`. Each checkpoint adds the product of four factors:

    - the sum of the learning rates of the epochs that the checkpoint represents
    - the number of uses of the training image in an epoch
    - the weight of the training image in a batch: 1/batch size if the cost is the mean over the batch, otherwise 1
    - −∇loss · ∇gap: the negative dot product of the gradients of the image's loss and of the gap, over all parameters

    This is TracInCP with the gap in place of the loss (G. Pruthi et al., "Estimating Training Data Influence by Tracing
    Gradient Descent", 2020). The influence is in units of the gap. To first order, it is the change of the gap that the
    training image causes under plain gradient descent, with all gradients taken at the checkpoints.

    The influence ignores the weight penalty, dropout and the optimizer. With momentum μ, the actual change of the gap
    is 1/(1 − μ) times as large. RMSProp and Adam scale the step of each parameter. A line search chooses the length of
    each step, and the formula then uses a learning rate of 1. With these optimizers, influences rank the training
    images but do not add up to the gap.

    The activations of the training images are cached in files (see `activation_cache`). The cached activations only
    select candidates; the returned values are computed in float64 from the images and weights.
    """

    def __init__(
        self,
        checkpoints: Sequence[StoredNetwork],
        images: TrainingImages,
        hyperparameters: Hyperparameters,
        class_codes: Float64Array,
        folder: Path,
    ) -> None:
        """Create a finder from `checkpoints`, in the order of their epochs, and the `images` that they were trained on.

        The finder loads a network each time it needs it, so that large networks are not all in memory at the same time.
        `class_codes` (n_classes, n_outputs) are the target outputs of each class.

        `folder` contains only cached activations. The finder creates the folder, writes up to 64 MB for each network,
        and removes the files of networks that are no longer used. The folder can be deleted at any time.
        """
        self._checkpoints = checkpoints
        self._images = images
        self._h = hyperparameters
        self._codes = class_codes
        self._loss = OutputLoss.from_hyperparameters(hyperparameters)
        self._cache = ActivationCache(images, self._loss, class_codes, folder)

    @np.errstate(all="ignore")
    def find_examples(self, image: Float64Array, predicted: int, rival: int, network: Float64Network) -> Examples:
        """Return the training images nearest to `image` (n_features,) and those most influential on its prediction.

        The pixels of `image` are in 0…1, from black to white. `network` is the network that made the prediction; it
        need not be among the checkpoints. The activations of its last hidden layer are compared. Several threads can
        call this method at the same time. Raises the exceptions of `load`.
        """
        images = self._images
        self._prepare(network)
        with limit_blas_to_one_thread():
            stored = image * images.pixel_max
            inputs = images.scaled(stored)
            products = images.products(np.stack([stored, inputs * images.scale], axis=1))
            by_pixels = nearest_by_pixels(images, image, products[:, 0])
            input_products = products[:, 1] - np.float32((images.offset * images.scale) @ inputs)
            direction = network.logit_difference(predicted, rival)
            return Examples(
                by_pixels=by_pixels,
                by_hidden=self._nearest_by_hidden(_Query(network, inputs, direction)),
                influential=self._most_influential(inputs, direction, input_products),
                checkpoints=tuple(checkpoint.epoch for checkpoint in self._checkpoints),
            )

    def _prepare(self, network: Float64Network) -> None:
        with _preparing, limit_blas_to_one_thread():
            in_use = [self._cache.prepare(checkpoint.load()) for checkpoint in self._checkpoints]
            if network.n_hidden_layers:
                in_use.append(self._cache.prepare(network))
            self._cache.remove_old_files(in_use)

    def _nearest_by_hidden(self, query: _Query) -> tuple[Neighbor, ...] | None:
        if not query.network.n_hidden_layers:
            return None
        hidden = query.activations[-1]
        rounded = hidden.astype(np.float32)
        squares = np.empty(len(self._images), np.float32)
        for chunk in self._cache.chunks(query.network):
            differences = chunk.hidden[-1]
            np.subtract(differences, rounded, out=differences)
            np.einsum("ij,ij->i", differences, differences, out=squares[chunk.rows])

        def exact_differences(indices: IndexArray) -> Float64Array:
            inputs = self._images.inputs(indices)
            differences: Float64Array = ForwardPass(query.network, inputs).activations[-1] - hidden
            # The activations of images with equal inputs differ only by rounding.
            differences[(inputs == query.activations[0]).all(axis=1)] = 0.0
            return differences

        return nearest(self._images, squares, exact_differences)

    def _most_influential(
        self, inputs: Float64Array, direction: Float64Array, input_products: Float32Array
    ) -> tuple[TrainingInfluence, ...]:
        estimates = np.zeros(len(self._images), np.float32)
        for checkpoint in self._checkpoints:
            products = self._estimated_products(_Query(checkpoint.load(), inputs, direction), input_products)
            estimates += np.float32(self._weight(checkpoint)) * products
        candidates = np.sort(smallest(-np.abs(estimates), N_CANDIDATES))
        if not candidates.size:
            return ()
        influences = np.zeros(len(candidates))
        for checkpoint in self._checkpoints:
            exact_products = self._exact_products(_Query(checkpoint.load(), inputs, direction), candidates)
            influences -= self._weight(checkpoint) * exact_products
        found = smallest(-np.abs(influences), N_SHOWN)
        found = found[influences[found] != 0.0]
        rows = self._images.split.stored_rows[candidates[found]]
        labels = self._images.split.labels[candidates[found]]
        return tuple(map(TrainingInfluence, rows.tolist(), labels.tolist(), influences[found].tolist()))

    def _weight(self, checkpoint: StoredNetwork) -> float:
        """Return the product of the first three factors of the influence, which do not depend on the training image."""
        h = self._h
        batch_size = h.batch_size_for(len(self._images))
        uses_per_epoch = batch_size if h.takes_windows else 1
        weight_in_batch = 1.0 / batch_size if h.reduction == "mean" else 1.0
        return checkpoint.learning_rate_sum * uses_per_epoch * weight_in_batch

    def _estimated_products(self, query: _Query, input_products: Float32Array) -> Float32Array:
        """Return ∇loss · ∇gap (n_images,) for each training image, in float32 from the cached activations."""
        layers = [layer.weights.astype(np.float32) for layer in query.network.layers]
        products = np.empty(len(self._images), np.float32)
        for chunk in self._cache.chunks(query.network):
            products[chunk.rows] = self._chunk_products(chunk, query, layers, input_products)
        return products

    def _chunk_products(
        self, chunk: Chunk, query: _Query, layers: Sequence[Float32Array], input_products: Float32Array
    ) -> Float32Array:
        """Return ∇loss · ∇gap (n_images,) for each image of a chunk. `layers` are the float32 weights of each layer.

        The gradient of a layer is the outer product of its inputs and its deltas. Therefore the dot product of two such
        gradients is the dot product of their inputs times the dot product of their deltas.
        """
        deltas = chunk.deltas
        products = [input_products[chunk.rows]]  # dot products of the inputs of each layer
        products += [
            hidden @ activations
            for hidden, activations in zip(chunk.hidden, query.float32_activations[1:], strict=True)
        ]
        total = (deltas @ query.float32_deltas[-1]) * (products[-1] + self._h.use_bias)
        for layer in range(len(layers) - 2, -1, -1):
            slopes = query.slopes(layer, chunk.hidden[layer])
            if layer:
                deltas = (deltas @ layers[layer + 1].T) * slopes
                delta_products = deltas @ query.float32_deltas[layer]
            else:  # no other layer needs the deltas of the first one, so a faster order of the products is possible
                weights = query.float32_deltas[0][:, np.newaxis] * layers[1]
                delta_products = np.einsum("ij,ij->i", slopes @ weights, deltas)
            total += delta_products * (products[layer] + self._h.use_bias)
        return total

    def _exact_products(self, query: _Query, indices: IndexArray) -> Float64Array:
        """Return ∇loss · ∇gap (n,), in float64, for the training images at `indices` (n,)."""
        forward_pass = ForwardPass(query.network, self._images.inputs(indices))
        loss_gradient = np.empty_like(forward_pass.logits)
        self._loss.gradient(forward_pass.logits, self._codes[self._images.split.labels[indices]], loss_gradient)
        deltas = forward_pass.deltas(loss_gradient)
        total = np.zeros(len(indices))
        for loss_deltas, loss_inputs, gap_deltas, gap_inputs in zip(
            deltas, forward_pass.activations, query.deltas, query.activations, strict=True
        ):
            total += (loss_deltas @ gap_deltas) * (loss_inputs @ gap_inputs + self._h.use_bias)
        return total


class _Query:
    """The activations and derivatives of one network for the explained image.

    `activations` are the inputs (n_inputs,) of each layer. `deltas` (n_units,) are the derivatives of the logit gap
    with respect to the pre-activations of each layer.
    """

    def __init__(self, network: Float64Network, inputs: Float64Array, direction: Float64Array) -> None:
        forward_pass = ForwardPass(network, inputs[np.newaxis])
        self.network = network
        self.activations = [activations[0] for activations in forward_pass.activations]
        self.deltas = [deltas[0] for deltas in forward_pass.deltas(direction)]
        self.float32_activations: list[Float32Array] = [values.astype(np.float32) for values in self.activations]
        self.float32_deltas: list[Float32Array] = [values.astype(np.float32) for values in self.deltas]

    def slopes(self, layer: int, hidden: Float32Array) -> Float32Array:
        """Return the slopes of hidden layer `layer` at its activations `hidden`; both are (n_images, n_units)."""
        slopes = np.ones_like(hidden)
        self.network.layers[layer].activation.backward(hidden, slopes, np.empty_like(hidden))
        return slopes
