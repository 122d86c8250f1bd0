"""Draws every picture of the README from the pretend appliance, with a fixed seed and a fixed clock."""
