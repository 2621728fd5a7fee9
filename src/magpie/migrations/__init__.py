"""The database's migrations. `schema.migrate` runs them."""
