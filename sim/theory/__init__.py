"""Published models as calculators; a file says all that there is of a model.

In: the inputs of a paper, by name. Out: its numbers, with formula and source.
"""
