"""What a user writes: scenario files, and tables of what was observed.

In: YAML and CSV. Out: a validated `Scenario` with where each value comes from, or all
mistakes with line and column. Knows no kernel and no number of the engine.
"""
