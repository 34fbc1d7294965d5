"""A small shop API behind multinexo_oauth, and a demonstration client that uses it."""
