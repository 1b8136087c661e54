"""Do I remember? Events, history, black box, energy: in memory, bounded. Imports only `terms`."""
