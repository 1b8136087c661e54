"""Headroom: an EV charger that takes what the house leaves, and never more."""
