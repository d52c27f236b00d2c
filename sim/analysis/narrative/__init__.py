"""A run told in words: sentences, labels, the ending, the timeline of a figure.

In: the events and steps of a run. Out: sentences and plain tables.
"""
