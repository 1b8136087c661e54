"""The chargers that share a circuit: who leads, what each has and why, how fresh that is; joining.py: how one comes to them.

Each is a generator of (line of text, fields for machines); ``service`` is what it works on, ``typed`` what followed the command.
"""

from headroom.guard.ledger import GONE_MS, LONG_MS
from headroom.law.share import NAMES, TWO, WHY
from headroom.serve.group.member import BLIND
from headroom.serve.loader import part
from headroom.serve.words import amps, phases_named, seconds
from headroom.terms.refused import Refused

SAME = "are bus_baud and bus_parity the same on all, A and B the right way round?"


def answer(service, typed):
    """group [join [NUMBER SIZE AMPS] | lead SIZE AMPS]."""
    if typed and typed[0] in ("join", "lead"):
        yield from part("joining").answer(service, typed)
        return
    if typed:
        raise Refused("group; group join; or group lead SIZE AMPS, like group lead 3 32: help group")
    member = service.group
    if member is None:
        if service.settings.get("group_no"):
            raise Refused("group_no is set, and the bus is not the group's: set bus group")
        raise Refused("this charger is in no group: group join here, and group lead SIZE AMPS on the one that leads")
    yield first(member, service.settings), {"number": member.number, "leads": member.leader is not None}
    if member.twice_ms:
        yield "another board has number %d as well: give it one of its own" % member.number, {"twice": True}
    heard = member.bus.rtu
    if heard.torn > heard.frames:
        yield "%d bytes on the wire were no message: %s" % (heard.torn, SAME), {"torn": heard.torn}
    if member.leader is None:
        yield from part("overheard").answer(member)
        return
    for place in range(member.count):
        yield one(member, place)


def first(member, settings):
    """Who this is, and who leads."""
    text = "charger %d of %d on %s" % (member.number, member.count, amps(settings.get("group_ma")))
    if member.leader is not None:
        leads = "leads" if member.leader.ledger.leads() else "would lead, and too few answer it"
        return "%s: %s, shares by %s, %s to share out" % (
            text,
            leads,
            NAMES[member.how],
            " ".join([amps(ma) for ma in member.leader.pool.ma]),
        )
    if not member.led_by or member.silent_ms >= GONE_MS:
        return "%s: no leader is heard; its safe share is %s" % (text, amps(member.lease.safe_ma))
    return "%s: led by number %d, heard %s ago; its lease ends in %s without another" % (
        text,
        member.led_by % BLIND,
        seconds(member.silent_ms),
        seconds(member.lease.left_ms),
    )


def name_of(member, place):
    """How a charger of the group is called in its line."""
    return "%2d%s" % (place + 1, " (this one)" if place == member.number - 1 else "")


def has(ma, drawn_ma, phases, why, heard_ms):
    """What follows its name: what it has, draws and why; ``phases`` None: nobody said on which."""
    on = "" if phases is None else " on %s" % (phases_named(phases) or "no phase")
    return ": leased %s drawn %s%s: %s; heard %s ago" % (amps(ma), amps(drawn_ma), on, why, seconds(heard_ms))


def one(member, place):
    """One charger of the group: (text, fields)."""
    leader = member.leader
    ledger, share = leader.ledger, leader.share
    ma, drawn_ma, heard_ms = ledger.ma[place], share.drawn_ma[place], ledger.heard_ms[place]
    fields = {"number": place + 1, "leased_ma": ma, "drawn_ma": drawn_ma, "heard_ms": heard_ms}
    if leader.trouble[place]:
        told = (name_of(member, place), leader.trouble[place], amps(ledger.safe_ma))
        return "%s: %s: leased nothing, counted with %s" % told, fields
    if heard_ms > GONE_MS:
        never = "never heard" if heard_ms >= LONG_MS else "silent for %s" % seconds(heard_ms)
        return "%s: %s: counted with %s" % (name_of(member, place), never, amps(ledger.safe_ma)), fields
    why = WHY[TWO if member.twice_ms and place == member.number - 1 else share.why[place]]
    return name_of(member, place) + has(ma, drawn_ma, ledger.most_phases[place], why, heard_ms), fields
