"""Proofs: each tries to break the promises in its own way, and is a `make` target."""
