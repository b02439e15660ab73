"""Encryption at rest: what is sealed, under which keys, and how the keys themselves are kept."""
