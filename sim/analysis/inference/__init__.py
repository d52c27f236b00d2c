"""Which inputs fit what happened: facts go in, weighted sets of inputs come out.

Worlds are run for many sets of inputs, each fact is looked up in each world, and sets
in whose worlds the facts come true keep their weight. Section 12 of the model.
"""
