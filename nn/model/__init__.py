"""The network: layers, activations, losses, initializers and weight penalties."""
