"""The physical world: mains, house, car, contactor, breaker, clamps. Knows no firmware."""
