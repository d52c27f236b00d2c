"""Figures from tables: each one a picture, its caption and what it says in words."""
