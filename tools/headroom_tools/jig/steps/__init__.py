"""The work sheet's steps, in the order of their codes: which is wrong with this board? Imports `jig` and the standard library."""
