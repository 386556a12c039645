"""Lists of misclassified images."""
