"""What a household wishes by the clock: a timetable, a need by an hour. Read only where it does. Imports `terms`, `law`."""
