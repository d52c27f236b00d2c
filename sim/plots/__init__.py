"""Figures: one module each, its question and words included; style in one place.

In: tables. Out: a `Figure` with caption, alternative text and its numbers. Nothing is
run here and no file is read.
"""
