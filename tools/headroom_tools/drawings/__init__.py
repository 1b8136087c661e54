"""Drawings of how the firmware works, made from its own constants and by running its own code."""
