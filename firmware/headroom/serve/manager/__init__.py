"""Who reads the charger over a wire, and limits it: a Modbus server. Imports `serve`, and types of `guard`."""
