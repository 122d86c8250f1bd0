"""Answers as XML: one module for each family of calls."""
