"""Metrics of stored predictions: filters, calibration, label errors and learning dynamics."""
