"""Many houses and many laws: versus and campaign. Imports `common`, `sim` and the bench."""
