"""Whether the board file can be true, asked once before anything is energised: the dangerous part of `headroom board check`."""

import board

ASKED: tuple = ()  # (constant, ... for any but None): the board that this firmware was built for (device/fitting.py)
ANALOG = ("PILOT_ADC_PIN", "VOLTAGE_PIN", "TEMPERATURE_PIN", "PROXIMITY_PIN", "RAIL_PIN")
ADC1 = range(32, 40)  # ADC2 cannot be read while Wi-Fi is on
LOW_MV, HIGH_MV = 150, 2450  # the ADC's straight part (micropython docs/esp32/quickref.rst "ADC", 11 dB)
CPU_HZ = (80000000, 160000000, 240000000)  # of those that machine.freq takes, the ones that leave the pilot its clock
ROOM_PERCENT = 160  # of the largest breaker: a clipped overload reads as less than it is


def clips_ma():
    """The sine current, in mA RMS, at which a clamp's input leaves the ADC's straight part."""
    room_mv = min(board.CT_BIAS_MV - LOW_MV, HIGH_MV - board.CT_BIAS_MV)
    return room_mv * 10000000 * board.CT_TURNS // (board.CT_BURDEN_MOHM * 14142)


def refusal():
    """What is wrong with the board, in one line; empty when nothing is."""
    for name, built in ASKED:
        there = getattr(board, name)
        if there is None if built is ... else there != built:
            return "%s: this firmware was built for a board that has it otherwise" % name
    names = sorted([name for name in dir(board) if name.endswith("_PIN")])
    pins = [(name, getattr(board, name)) for name in names]
    pins = [("CT_PINS", pin) for pin in board.CT_PINS] + [row for row in pins if row[1] is not None]
    for place, (name, pin) in enumerate(pins):
        for other, taken in pins[:place]:
            if taken == pin:
                return "%s: GPIO%d is already %s" % (name, pin, other)
        if pin not in ADC1 and (name == "CT_PINS" or name in ANALOG):
            return "%s: GPIO%d is no pin of ADC1" % (name, pin)
    if board.CPU_HZ not in CPU_HZ:
        return "CPU_HZ: %d Hz is no clock of this port: %d, %d or %d" % ((board.CPU_HZ,) + CPU_HZ)
    percent = clips_ma() * 100 // board.MAX_BREAKER_MA
    if percent < ROOM_PERCENT:
        return "CT_BURDEN_MOHM: clips at %d %% of MAX_BREAKER_MA, it must see %d %%" % (percent, ROOM_PERCENT)
    return ""
