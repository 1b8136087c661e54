"""Do I wish? Balance, ceilings, the car's current, dwell, tariff. Imports `terms`, and types of `guard` and `monitor`."""
