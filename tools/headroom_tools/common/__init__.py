"""What every tool may use: errors, outputs, places, a pool, a pen. Imports none of the others."""
