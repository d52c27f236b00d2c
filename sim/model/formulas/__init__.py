"""Formulas: numbers in, numbers out, each written once beside its source."""
