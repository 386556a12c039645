"""Named sets of hyperparameters, with what each teaches and where it comes from."""
