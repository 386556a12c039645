"""A neural network written from scratch in NumPy. It does not depend on the web application."""
