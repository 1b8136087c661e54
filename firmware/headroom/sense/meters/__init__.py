"""The meter that is already there: what does it say, how old is it, and what is wrong with it? Imports `sense` and `terms`."""
