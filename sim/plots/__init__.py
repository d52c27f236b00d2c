"""Figures: one module each, its question and words included.

In: tables. Out: a `Figure` with caption, alternative text and its numbers. Nothing is
run here and no file is read. Looks are in `style`, what draws in them in `strokes`.
"""
