"""Changes of hyperparameters, each with its label, from which remedies are chosen."""
