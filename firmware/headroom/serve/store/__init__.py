"""What outlives a power cut: settings, journal, energy, latched faults. Imports `serve`."""
