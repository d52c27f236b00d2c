"""What happens in a step, in the order of `sim.model.schedule`.

In: the record of one world and its parameters. Out: the same record, changed in place.
"""
