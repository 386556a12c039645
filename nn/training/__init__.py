"""Training: optimizers, schedules, mini-batches, evaluation and the training loop."""
