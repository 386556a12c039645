"""The process that trains one run. This file imports nothing, so that worker processes start quickly."""
