"""A scenario held against what was seen: fits, forecasts, scores.

In: a scenario and observed tables. Out: fitted values with intervals; scored forecasts.
"""
