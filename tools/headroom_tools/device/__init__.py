"""A real or pretended device on a port: flash, console, tour. Imports `common`, `boards`, `sim.runner` and the bench."""
