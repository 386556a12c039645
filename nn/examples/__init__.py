"""The examples of a run, prepared as training uses them, and their order."""
