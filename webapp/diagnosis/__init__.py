"""Diagnosis of stored runs: its evidence, its verdict, and its updates while a run trains."""
