"""JAX: an epoch is one call of a compiled function, which scans the mini-batches and reuses the memory of the state."""

from __future__ import annotations

import time
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from benchmarks.contenders.turns import parse_arguments, take_turns
from benchmarks.contenders.workloads import BETA_1, BETA_2, EPSILON, N_CLASSES, Images, Workload

Tree = Any  # nested lists and dictionaries of arrays


class Jax:
    """JAX network. `compile_seconds` is the time of the compilation, which ends before the first epoch."""

    def __init__(self, workload: Workload, images: Images) -> None:
        self._workload = workload
        self._images = images
        self._inputs, self._labels = jnp.asarray(images.train), jnp.asarray(images.train_labels.astype("int32"))
        layers = [[jnp.asarray(weights), jnp.asarray(biases)] for weights, biases in workload.first_layers()]
        self._state: Tree = {"layers": layers, "key": jax.random.key(0)}
        if workload.optimizer == "adam":
            zeros = jax.tree.map(jnp.zeros_like, layers)
            self._state |= {"mean": zeros, "square": jax.tree.map(jnp.copy, zeros), "steps": jnp.zeros((), jnp.int32)}
        started = time.perf_counter()
        lowered = jax.jit(self._learn, donate_argnums=0).lower(self._state, self._inputs, self._labels)
        self._compiled = lowered.compile()
        self.compile_seconds = time.perf_counter() - started

    def epoch(self) -> None:
        """Train once on each image, in a new random order."""
        self._state = jax.block_until_ready(self._compiled(self._state, self._inputs, self._labels))

    def accuracy(self) -> float:
        """Return the accuracy on the test images."""
        return self._images.accuracy(self._outputs(self._state["layers"], jnp.asarray(self._images.test)))

    def _outputs(self, layers: Tree, inputs: jax.Array) -> jax.Array:
        *hidden, (last_weights, last_biases) = layers
        sigmoid = self._workload.units == "sigmoid"
        for weights, biases in hidden:
            logits = inputs @ weights + biases
            inputs = jax.nn.sigmoid(logits) if sigmoid else jax.nn.relu(logits)
        logits = inputs @ last_weights + last_biases
        return jax.nn.sigmoid(logits) if sigmoid else logits

    def _cost(self, layers: Tree, inputs: jax.Array, labels: jax.Array) -> jax.Array:
        outputs, targets = self._outputs(layers, inputs), jax.nn.one_hot(labels, N_CLASSES)
        if self._workload.units == "sigmoid":
            return 0.5 * jnp.square(outputs - targets).sum(axis=1).mean()
        return -(jax.nn.log_softmax(outputs) * targets).sum(axis=1).mean()

    def _learn(self, state: Tree, inputs: jax.Array, labels: jax.Array) -> Tree:
        """Return the state after one epoch. This function is pure, so that JAX can compile it."""
        key, shuffling = jax.random.split(state["key"])
        order = jax.random.permutation(shuffling, len(labels))

        def step(state: Tree, rows: jax.Array) -> tuple[Tree, None]:
            gradient = jax.grad(self._cost)(state["layers"], inputs[rows], labels[rows])
            return self._descend(state, gradient), None

        n_in_full_batches = len(labels) - len(labels) % self._workload.batch_size
        state, _ = lax.scan(step, state, order[:n_in_full_batches].reshape(-1, self._workload.batch_size))
        if n_in_full_batches < len(labels):
            state, _ = step(state, order[n_in_full_batches:])
        return state | {"key": key}

    def _descend(self, state: Tree, gradient: Tree) -> Tree:
        rate = self._workload.learning_rate
        if self._workload.optimizer == "sgd":
            return state | {"layers": jax.tree.map(lambda p, g: p - rate * g, state["layers"], gradient)}
        steps = state["steps"] + 1
        mean = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, state["mean"], gradient)
        square = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, state["square"], gradient)
        mean_scale, square_scale = 1 / (1 - BETA_1**steps), 1 / (1 - BETA_2**steps)
        layers = jax.tree.map(
            lambda p, m, v: p - rate * (m * mean_scale) / (jnp.sqrt(v * square_scale) + EPSILON),
            state["layers"],
            mean,
            square,
        )
        return state | {"layers": layers, "mean": mean, "square": square, "steps": steps}


def main() -> None:
    workload, _ = parse_arguments()
    model = Jax(workload, Images.load())
    take_turns(model.epoch, model.accuracy, compile_seconds=model.compile_seconds)


if __name__ == "__main__":
    main()
