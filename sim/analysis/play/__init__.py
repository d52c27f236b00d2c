"""People at the table: their moves, what they are told, advice, and what came of it.

In: a scenario, a seed, who is played, and moves. Out: a world that stops wherever a
person has to decide, as plain values and sentences; nothing here reads or prints.
"""
