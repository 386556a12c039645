"""Measurements of a network: norms of its parameters, its gradient and its steps, and its units on fixed examples."""
