"""The database, and the files of runs."""
