"""Explanations of single predictions, as JSON and as an HTML report."""
