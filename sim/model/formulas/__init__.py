"""Published mathematics as pure functions of numbers, each formula once.

In: plain numbers. Out: plain numbers. Nothing here allocates, raises or draws luck.
"""
