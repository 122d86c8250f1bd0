"""Whole screens and dialogs, each awaited or shown by the app."""
