"""Draws: posts are named, chance chooses those that are boosted, and what came of them stands beside the others."""
