"""The process that trains one run. A spawned process imports this package: keep it light."""
