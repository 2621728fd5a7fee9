"""The media servers that people have named: whose they are, how they are reached, and what ails them."""
