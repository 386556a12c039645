"""Names of layers in the texts of findings."""

from __future__ import annotations


def layer_name(number: int, n_layers: int) -> str:
    """Return the name of layer `number`, counted from 1, of a network with `n_layers` layers."""
    return "the output layer" if number == n_layers else f"hidden layer {number}"
