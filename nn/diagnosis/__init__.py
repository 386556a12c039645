"""Diagnosis of a run: measurements of its network and data, and rules that explain why it does not learn."""
