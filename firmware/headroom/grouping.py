"""A charger in a group: that part of the composition root which only a household with several chargers needs.

``joined`` reads the settings and makes what they ask for: the guard's lease, and the member that speaks for this charger on the
bus. Who is in no group never reads this file, nor those that it reads.
"""

from headroom.act import who
from headroom.guard.lease import Lease
from headroom.guard.offer import UNLEASED_MA
from headroom.law.ceilings import NEVER
from headroom.ports import AS_GROUP, whole
from headroom.serve.group.member import Member


def joined(charger, before):
    """The member that the settings in force ask for, or None; ``before``: what was there, and stays where nothing was set anew.

    Without a bus there is nobody to lease anything: the charger keeps to its share of the safe current.
    """
    get, guard = whole(charger.settings).get, charger.guard
    lease = guard.lease
    if lease is not None:
        charger.told = lease.said
    number, count, safe_ma = get("group_no"), get("group_size"), get("group_safe_ma")
    if not number:
        guard.lease = charger.service.group = None
        guard.offer.leased_ma = UNLEASED_MA
        charger.law.ceilings.shared_ma = NEVER
        return None
    if lease is None or lease.safe_ma != safe_ma:
        guard.lease = Lease(safe_ma, who.salt())
        guard.lease.said = charger.told
        before = None
    bus = charger.bus
    if bus is None and get("bus") == AS_GROUP and charger.ports is not None:
        bus = charger.ports.bus
    if bus is None:
        return None
    if before is None or before.bus is not bus or before.number != number or before.count != count:
        before = Member(bus, guard.lease, number, count, who.uid(), charger.service.journal.boot)
    charger.service.group = before
    before.blind = bool(get("group_clamps"))
    before.how = get("group_share")
    before.priority = get("group_priority")
    return before
