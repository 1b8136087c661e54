"""Do I read the world? ADC counts and pins become readings. Imports `terms`, `machine`, `board`."""
