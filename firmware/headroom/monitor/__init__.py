"""Do I watch readings for minutes? The car's steps, the breaker's heat, excursions. Imports only `terms`."""
