"""Understudy proves a new model before anyone depends on it."""

__version__ = "0.1.0"
