"""One simulated house: traces in, figures and a report out. Imports `common` and the bench."""
