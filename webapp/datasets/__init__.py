"""Loaded data sets, and downloads of missing ones."""
