"""Boards as data: schema, rules, wiring pictures. Imports `common`."""
