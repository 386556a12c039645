"""Files of a run: checkpoints, and append-only files with one record per epoch."""
