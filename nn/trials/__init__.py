"""Short training runs that show which change removes the cause of a problem."""
