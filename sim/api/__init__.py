"""The public verbs, one module each; every one returns a `Result`.

In: what a user asks in Python or on the command line. Out: tables, manifest, words and
figures that can be saved, opened and drawn.
"""
