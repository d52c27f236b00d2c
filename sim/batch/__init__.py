"""Many settings of a scenario, many worlds of each: designs, chunks, what is kept."""
