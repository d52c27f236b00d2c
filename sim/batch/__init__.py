"""Many worlds of many settings: design, tasks, executors, store, estimates.

In: a scenario, settings to vary and how many worlds. Out: tables of estimates with
intervals, in memory or in a folder that survives any kill.
"""
