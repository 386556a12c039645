"""Loading and downloading of data sets."""
