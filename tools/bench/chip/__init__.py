"""The chip and its port, faked: clock, ADC, pins, PWM, flash, terminal. Refuses what the port refuses."""
