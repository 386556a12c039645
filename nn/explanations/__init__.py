"""Exact explanations of one prediction, computed from the network in float64."""
