"""Do I change the world? Pilot, contactor, lock, lamp, watchdog. Imports `terms`, types of `guard`, `machine`, `board`."""
