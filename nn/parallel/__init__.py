"""Two-thread matrix products and limits on BLAS threads."""
