"""Do I talk to people? Words and clock here; the console, the store and the answers in their own folders.

Imports types and words of all rooms but `sense` and `act`. This level imports none of its folders.
"""
