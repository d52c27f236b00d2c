"""One period of one world: its record, its stages, and the order they come in."""
