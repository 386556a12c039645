"""Examination of a run before its first step: facts about its data, and the curvature of its cost."""
