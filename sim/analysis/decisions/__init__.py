"""Why a party decided as it did: payoffs in parts, thresholds, paired runs.

In: one world on one day. Out: a decision taken apart, in numbers and in words.
"""
