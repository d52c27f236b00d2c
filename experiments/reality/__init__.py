"""The model held to what was seen: the tables and pages about it."""
