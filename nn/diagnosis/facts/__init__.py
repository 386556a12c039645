"""Facts about a run that the rules of a diagnosis share."""
