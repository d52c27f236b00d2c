"""Published models as calculators, one file each.

In: the inputs of a paper, by name. Out: its numbers, with formula and source.
"""
