"""What the standard gives a car, once: guard, monitor and law derive their own times from it."""

FOLLOW_MS = 5000  # a car follows another offer within so long (IEC 61851-1 Table A.6, sequence 6)
