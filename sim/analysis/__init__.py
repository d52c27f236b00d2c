"""What many worlds mean: sensitivity, scenario discovery, survival, curves, fans.

In: tables of worlds or of cells. Out: tables of answers with intervals.
"""
