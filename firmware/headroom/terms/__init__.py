"""What every room may say: records, reasons, meter faults, refusals. Imports nothing."""
