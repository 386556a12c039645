"""Execution of runs: the queue, and one worker process for each run."""
