"""Presets: named sets of hyperparameters, each with its lesson and its source."""
