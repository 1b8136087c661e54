"""Modbus in numbers: functions, refusals, and 16-bit words in a frame. MODBUS Application Protocol V1.1b3, clauses 6 and 7.

A frame is ``address, function, data`` here; the CRC is the bus's own business (sense/rtu.py).
"""

READ_HOLDING = 3
READ_INPUT = 4
WRITE_ONE = 6
WRITE_MANY = 16
REFUSED = 0x80  # set in the function of an answer that is a refusal

NO_FUNCTION = 1  # codes of a refusal
NO_ADDRESS = 2
NO_VALUE = 3
NOT_NOW = 4

BROADCAST = 0
LAST_ADDRESS = 247
READ_MOST = 125  # registers that one answer holds


def word(frame, place):
    """The 16 bits at ``place``, high byte first."""
    return frame[place] << 8 | frame[place + 1]


def put(frame, place, value):
    """Write the low 16 bits of ``value`` at ``place``; returns the place behind them."""
    frame[place] = value >> 8 & 0xFF
    frame[place + 1] = value & 0xFF
    return place + 2


def asks(frame, address, function, register, count):
    """Make ``frame`` a request for (or, with WRITE_ONE, the value of) registers; returns its length."""
    frame[0] = address
    frame[1] = function
    put(frame, 2, register)
    return put(frame, 4, count)


def refuse(frame, code):
    """Turn the request in ``frame`` into its refusal; returns the length."""
    frame[1] |= REFUSED
    frame[2] = code
    return 3
