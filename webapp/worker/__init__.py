"""The process that trains one run. Every worker process imports this file, so it imports nothing."""
