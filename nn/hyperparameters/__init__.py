"""The hyperparameters of a run: one validated schema, which also describes the form."""
