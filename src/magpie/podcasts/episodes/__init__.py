"""Episodes as people see them."""
