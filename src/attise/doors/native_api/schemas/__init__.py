"""Shapes: what callers may give (strict, nothing unknown) and what they are told, one module per kind of thing."""
