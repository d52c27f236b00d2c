"""Lessons: a guess, an experiment, a figure, exercises.

In: the folder of a lesson. Out: its sources, computed now, its numbers by name and its
figure, whose words and those of the text are held equal to them by tests.
"""
