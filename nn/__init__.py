"""A neural network written from scratch in NumPy. It knows nothing of the web."""
