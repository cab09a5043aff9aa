"""How the world gets in: the only rooms that compose floors. A door parses, calls two or three functions, formats."""
