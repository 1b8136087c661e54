"""Boards that look for each other on the wire: that part of the composition root which is read when somebody asks for it."""

from headroom import once
from headroom.act import who
from headroom.sense import bus as buses

NONE, AS_GROUP = 0, 2  # setting bus
BAUD = 115200  # unless set


def gather(ports, charger, leads):
    """What looks for others, on the port that the group will have; or why it cannot, as a text."""
    get, limits = charger.settings.get, charger.limits
    if get("bus") not in (NONE, AS_GROUP):
        return "the RS-485 port is a %s's: set bus none, save" % ("meter", "manager")[get("bus") // 2]
    if ports.bus is None:
        if charger.bus is None and not buses.fitted(buses.RS485):
            return "this board has no RS-485 port"
        ports.bus = charger.bus or buses.Bus(buses.RS485, get("bus_baud") or BAUD, max(get("bus_parity") - 1, 0))
    parts = once.read("headroom.serve.group.gathering")
    me = parts.this(who.unique_id(), who.uid(), limits.charger_ma, limits.min_ma, limits.wired)
    ports.finder = parts.Gathering(ports.bus, me, leads, who.salt)
    ports.looked()
    return ports.finder
