"""The life cycle and the stored results of runs."""
