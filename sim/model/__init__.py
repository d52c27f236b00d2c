"""The war: formulas, the stages of a step, the engine and the Mesa model.

In: a scenario's parameters, a seed and replicates. Out: worlds as records, or as agents
and events. Nothing is imported here: Mesa alone costs a second.
"""
