"""The manager's port: a Modbus server with two faces on two unit ids, one part of serve.

At ``address`` the five registers of SimpleEVSE / EVSE-DIN, which evcc and openWB speak to (evcc charger/evsedin.go; openWB
packages/modules/common/evse.py): 1000 current to set, 1001 in force, 1002 state, 1005 firmware, 2005 configuration, of which
bit 7 says that 1000 is in 0.01 A. At ``address`` + OWN our own map (registers.py).

An answer waits for the next tick: the silence before it must be 3.5 characters at least, and nobody waits here.
"""

from headroom.terms import modbus
from headroom.terms.modbus import put, word

OWN = 100
# at register 1000 more than that are hundredths: a manager sets them once, and a charger that restarts forgets
WHOLE_MOST_A = 80
EVSE_FIRST, EVSE_LAST = 1000, 1006
EVSE_MORE, EVSE_MOST = 2000, 2017
SET, ACTUAL, STATE, FIRMWARE, CONFIG, HIGHEST = 1000, 1001, 1002, 1005, 2005, 2007
EVSE_VERSION = 18  # from 17 on there are hundredths of an ampere
FINE_BIT = 0x80
EVSE_STATES = bytes((5, 1, 2, 3, 4, 5, 5))  # by the pilot's state: ready, present, charging, with ventilation, failure
NO_LIMIT_DA = 0xFFFF
LIMIT, PAUSED = 3, 4
REGISTERS = 31  # registers.total()
ECHO_MS = 150  # an answer to a written register is the request word for word: so soon it is an echo, or a twin's answer


class Manager:
    """``step`` is a part of the service's; ``ports.remote``: the guard's end of the limit."""

    def __init__(self, bus, charger, ports, address):
        self.bus = bus
        self.charger = charger
        self.ports = ports
        self.remote = ports.remote
        self.address = address
        self.out = bytearray(8 + 2 * modbus.READ_MOST)
        self.length = 0  # of an answer that waits
        self.echo_ms = 0  # for so long what is in ``out`` may come back
        self.image = bytearray(2 * REGISTERS)
        self.fine = False  # hundredths of an ampere at register 1000
        self.asked = self.refused = 0

    def step(self, dt_ms):
        """Once a tick: answer what was asked in the tick before, and hear what comes."""
        bus = self.bus
        bus.step()
        self.echo_ms = max(self.echo_ms - dt_ms, 0)
        if self.length and bus.send(self.out, self.length):
            self.length = 0
            self.echo_ms = ECHO_MS
        length = bus.next()
        while length:
            if not self.length:
                self._hear(bus.frame, length)
            length = bus.next()

    def _hear(self, frame, length):
        """A request for one of the two, or for all."""
        own = frame[0] == self.address + OWN
        if length < 6 or not (own or frame[0] == self.address or frame[0] == modbus.BROADCAST):
            return
        if self.echo_ms and self._echoes(frame):
            return  # no sign of the manager's life
        self.asked += 1
        self.remote.alive()
        function, register, count = frame[1], word(frame, 2), word(frame, 4)
        out = self.out
        out[0], out[1] = frame[0], function
        code = 0
        if function in (modbus.READ_HOLDING, modbus.READ_INPUT):
            code = self._read(own, register, count)
        elif function == modbus.WRITE_ONE:
            code = self._refusal(own or frame[0] == 0, register, count)
            if not code:
                self._apply(own or frame[0] == 0, register, count)
            self.length = self._echo(frame)
        elif function == modbus.WRITE_MANY and length == 7 + 2 * count and frame[6] == 2 * count:
            for place in range(count):
                code = code or self._refusal(own or frame[0] == 0, register + place, word(frame, 7 + 2 * place))
            for place in range(0 if code else count):
                self._apply(own or frame[0] == 0, register + place, word(frame, 7 + 2 * place))
            self.length = self._echo(frame)
        else:
            code = modbus.NO_FUNCTION
        if code:
            self.refused += 1
            self.length = modbus.refuse(out, code)
        if frame[0] == modbus.BROADCAST:
            self.length = 0

    def _echoes(self, frame):
        """True for the answer that was sent last, when it is a request as well."""
        for place in range(6):
            if frame[place] != self.out[place]:
                return False
        return frame[1] == modbus.WRITE_ONE

    def _echo(self, frame):
        for place in range(2, 6):
            self.out[place] = frame[place]
        return 6

    def _read(self, own, register, count):
        if not 0 < count <= modbus.READ_MOST:
            return modbus.NO_VALUE
        out = self.out
        if own:
            if register + count > REGISTERS:
                return modbus.NO_ADDRESS
            self._fill()
            for place in range(2 * count):
                out[3 + place] = self.image[2 * register + place]
        else:
            last = register + count - 1
            if not (EVSE_FIRST <= register <= last <= EVSE_LAST or EVSE_MORE <= register <= last <= EVSE_MOST):
                return modbus.NO_ADDRESS
            for place in range(count):
                put(out, 3 + 2 * place, self._evse(register + place))
        out[2] = 2 * count
        self.length = 3 + 2 * count
        return 0

    def _evse(self, register):
        charger = self.charger
        unit = 10 if self.fine else 1000
        if register == SET:
            return min(self.remote.now_ma, charger.limits.charger_ma) // unit
        if register == ACTUAL:
            return charger.verdict.offer_ma // unit
        if register == STATE:
            if charger.verdict.fault:
                return EVSE_STATES[0]
            return EVSE_STATES[charger.verdict.pilot_state]
        if register == FIRMWARE:
            return EVSE_VERSION
        if register == CONFIG:
            return FINE_BIT if self.fine else 0
        return charger.limits.charger_ma // 1000 if register == HIGHEST else 0

    def _refusal(self, own, register, value):
        """The code of a refusal; 0: it can be written."""
        if own and register == PAUSED:
            return 0 if value < 2 else modbus.NO_VALUE
        return 0 if register == (LIMIT if own else SET) or (register == CONFIG and not own) else modbus.NO_ADDRESS

    def _apply(self, own, register, value):
        if own and register == LIMIT:
            self.remote.tell(1 << 29 if value == NO_LIMIT_DA else value * 100)
        elif own:
            self.remote.paused = bool(value)
        elif register == SET:
            self.remote.tell(value * (10 if self.fine or value > WHOLE_MOST_A else 1000))
        else:
            self.fine = bool(value & FINE_BIT)

    def _fill(self):
        """Our own map, in the order of registers.py."""
        charger, remote = self.charger, self.remote
        verdict, readings, limits = charger.verdict, charger.readings, charger.limits
        told_da = NO_LIMIT_DA if remote.told_ma >= 1 << 29 else min(remote.told_ma // 100, NO_LIMIT_DA - 1)
        at = put(self.image, 0, 1)
        at = put(self.image, at, verdict.pilot_state)
        at = put(self.image, at, verdict.closed)
        at = put(self.image, at, told_da)
        at = put(self.image, at, charger.held() or remote.paused)
        at = put(self.image, at, min((remote.left_ms() + 999) // 1000, 0xFFFF))
        at = put(self.image, at, verdict.fault)
        at = put(self.image, at, verdict.doubt)
        at = put(self.image, at, verdict.reason)
        at = put(self.image, at, readings.temperature_c if readings.temperature_ok else -0x8000)
        at = self._two(at, verdict.offer_ma, True)
        at = self._two(at, remote.now_ma, True)
        for phase in range(3):
            at = self._two(at, readings.grid_ma[phase], readings.grid_ok and phase < limits.phases)
        at = self._two(at, readings.car_ma, readings.car_ok)
        at = self._two(at, charger.energy.supply_wh(), True)
        at = self._two(at, charger.energy.car_wh(), True)
        at = put(self.image, at, min(self.ports.age_ms(), 0xFFFF))
        at = put(self.image, at, limits.min_ma // 100)
        at = put(self.image, at, limits.charger_ma // 100)
        at = put(self.image, at, min(remote.hold_ms // 1000, 0xFFFF))
        put(self.image, at, remote.safe_ma // 100)

    def _two(self, at, value, known):
        at = put(self.image, at, value >> 16 if known else -0x8000)
        return put(self.image, at, value if known else 0)
