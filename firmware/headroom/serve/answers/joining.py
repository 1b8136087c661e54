"""How a charger comes into a group: by hand, or found by the board that leads.

Each is a generator of (line of text, fields for machines); ``service`` is what it works on, ``typed`` what followed the command.
What is set is ready for save, all of it or, where something is wrong, nothing. serve/group/gathering.py says what the boards
tell each other.
"""

from headroom.serve.answers import settings_commands
from headroom.serve.answers.units import number
from headroom.serve.group.frames import VERSION
from headroom.serve.words import amps, phases_named
from headroom.terms.refused import Refused

LEAST_A = 6  # no car takes less
WAIT_MS = 600000  # for somebody to lead
ALL_MS = 300000  # for all to join
CALM_MS = 3000  # no other has come for so long: these are all
USE = "group join; group join NUMBER SIZE AMPS, like group join 2 3 32; or group lead SIZE AMPS, like group lead 3 32"
WIRE = "is each in group join, A and B the right way round, bus_baud and bus_parity the same?"
# serve/group/gathering.py: how far it is, why it ended, what a board that follows has said
CALLS, PROPOSES, SETTLES, DONE = range(1, 5)
CAN, HAS = 0x80, 0xC0
WRONG = (
    "",
    "a group runs on this wire already: group join NUMBER SIZE AMPS puts this charger into it by hand",
    "%s asks who wants to join as well: one board leads. Nothing is set here",
    "%s took no number: nothing is set. " + WIRE,
    "the leader has fallen silent before it was settled: nothing is set. group join again",
)


def answer(service, typed):
    """group join [NUMBER SIZE AMPS], group lead SIZE AMPS."""
    leads = typed[0] == "lead"
    values = [number(word.rstrip("aA"), 125) for word in typed[1:] if word != "of"]
    if len(values) != (2 if leads else 3 if values else 0) or None in values:
        raise Refused(USE)
    if leads:
        values.insert(0, 1)
    if values:
        place, size, circuit = values
        if not 2 <= size <= 32 or not 1 <= place <= size:
            raise Refused("a group has 2 to 32 chargers, numbered from 1: %d of %d is none" % (place, size))
        if circuit < LEAST_A:
            raise Refused("%d A is less than the %d A that a car needs at least" % (circuit, LEAST_A))
    service.pin.check()
    if values and not leads:
        yield from by_hand(service, *values)
        return
    if service.settings.get("group_no"):
        told = (service.settings.get("group_no"), service.settings.get("group_size"))
        raise Refused("this charger is number %d of %d already: set group_no 0, save, and then again" % told)
    if leads:
        tried(service, settings(1, size, circuit * 1000, 0))
    gathering = service.charger.look("lead" if leads else "join")
    if isinstance(gathering, str):
        raise Refused(gathering)
    try:
        yield from lead(service, gathering, size, circuit * 1000) if leads else follow(service, gathering)
    finally:
        gathering.done = True
        service.charger.look(False)


def settings(place, size, circuit_ma, safe_ma):
    """Name and text of all that a charger of a group needs; who follows is taken to have its clamps around its own cable."""
    told = [("bus", "group"), ("group_no", str(place)), ("group_size", str(size))]
    told += [("group_ma", "%dmA" % circuit_ma), ("group_safe_ma", "%dmA" % safe_ma)]
    return told + [("group_clamps", "cable"), ("idle_ma", "0")] * (place > 1)


def own_circuit(kept):
    """Of who has its clamps around its own cable: a breaker_ma that nobody has set would be the most that its car gets."""
    own_ma = kept.staged.get("charger_ma", kept.get("charger_ma"))
    least = kept.staged.get("breaker_ma", kept.get("breaker_ma")) < own_ma
    return [("breaker_ma", "%dmA" % own_ma)] * least


def by_hand(service, place, size, circuit):
    """As the installer numbers it."""
    safe = LEAST_A if size * LEAST_A <= circuit else 0
    for name, text in settings(place, size, circuit * 1000, safe * 1000)[:5]:
        yield from settings_commands.stage(service, [name, text])
    if not safe:
        text = "%d times %d A is more than %d A: who hears no leader pauses" % (size, LEAST_A, circuit)
        yield text, {"notice": text}
    if place > 1:
        text = "if the clamps here are around this charger's own cable: set group_clamps cable, set idle_ma 0"
        for name, value in own_circuit(service.settings):
            text += ", set %s %s" % (name, value)
        yield text, {"notice": text}


def tried(service, values, keep=False):
    """The values understood, staged where they are to be kept; Refused, with nothing staged, where save would refuse them."""
    kept = service.settings
    before = dict(kept.staged)
    wrong = [""]
    try:
        service.pin.check()
        understood = [(name, kept.stage(name, text)) for name, text in values]
        wrong = kept.wrong()
    finally:
        if wrong or not keep:
            kept.staged = before
    if wrong:
        raise Refused("; ".join(wrong) + ". Nothing is set")
    return understood


def staged(service, values):
    """Stage them all, and tell what that changes."""
    for name, value in tried(service, values, True):
        yield settings_commands.change(service, service.settings.row(name), value), {"name": name, "value": value}


def waited(service, gathering):
    """A tick has passed; Refused for what went wrong on the wire."""
    service.charger.look(False)
    if gathering.wrong:
        told = WRONG[gathering.wrong]
        if "%s" in told:
            late = [board.name() for board in gathering.boards if not board.can]
            other = ":".join(["%02x" % byte for byte in gathering.other])
            told %= other if gathering.other else ", ".join(late)
        raise Refused(told)
    return gathering.state_ms


def lead(service, gathering, size, circuit_ma):
    """Ask who is there until all are, prove that it fits, and give each its number."""
    yield "asking who wants to join: group join on %d other board%s; Esc ends it" % (size - 1, "s" * (size > 2)), None
    told: list = []
    while gathering.there() < size - 1 or gathering.state_ms < CALM_MS:
        if waited(service, gathering) > ALL_MS:
            raise Refused("%d of %d other boards answer: %s" % (len(gathering.boards), size - 1, WIRE))
        for board in gathering.boards:
            if board.chip not in told:
                told.append(board.chip)
                yield introduced(board), {"chip": board.name(), "rated_ma": board.rated_ma}
        yield None
    boards = gathering.boards
    if len(boards) > size - 1:
        figures = (len(boards), len(boards) + 1, len(boards) + 1, circuit_ma // 1000)
        raise Refused("%d other boards answer: with this one that is a group of %d: group lead %d %d" % figures)
    safe_ma = yield from proven([gathering.me] + boards, circuit_ma)
    gathering.propose(size, circuit_ma, safe_ma)
    while gathering.state != DONE:
        waited(service, gathering)
        yield None
    for board in boards:
        text = "number %d is %s" % (board.number, board.name())
        yield text + ("" if board.has else ", which did not say so: look at its console"), {"number": board.number}
    yield from staged(service, settings(1, size, circuit_ma, safe_ma))
    yield "save here and on each; then, with a car, calibrate car on each proves its phases", None


def introduced(board):
    """A board in a line."""
    text = "%s joins, %s on %s" % (board.name(), amps(board.rated_ma), phases_named(board.phases))
    return text + (": was charger_ma set there?" if board.rated_ma <= LEAST_A * 1000 else "")


def proven(boards, circuit_ma):
    """Whether ratings and safe shares fit the circuit, and each board can be told; returns the safe share of each."""
    for board in boards:
        if board.version != VERSION:
            told = (board.name(), board.version, VERSION)
            raise Refused("%s speaks version %d of the group's words, this one %d: flash the same firmware" % told)
        for other in boards:
            if other.chip != board.chip and other.uid == board.uid:
                both = (board.name(), other.name())
                raise Refused("%s and %s cannot be told apart by their leases: exchange one of the two boards" % both)
    sum_ma = sum([board.rated_ma for board in boards])
    text = "ratings together are %s, the circuit bears %s: " % (amps(sum_ma), amps(circuit_ma))
    text += "they share" if sum_ma > circuit_ma else "nobody has to give way but to the house"
    yield text, {"rated_ma": sum_ma}
    least_ma = max([board.least_ma for board in boards])
    safe_ma = least_ma if len(boards) * least_ma <= circuit_ma else 0
    text = "safe shares of %d times %s are %s: " % (len(boards), amps(least_ma), amps(len(boards) * least_ma))
    text += "they fit, whatever happens to the bus" if safe_ma else "too much, so who hears no leader pauses"
    yield text, {"leased_ma": safe_ma}
    return safe_ma


def follow(service, gathering):
    """Wait to be asked, take the number, and set it once the leader says that all have theirs."""
    me = gathering.me.name()
    yield (
        "this is %s: it waits for group lead SIZE AMPS on the charger that measures the supply; Esc ends it" % me,
        None,
    )
    two = False
    while not gathering.proposal[0]:
        if waited(service, gathering) > WAIT_MS:
            raise Refused("nobody has asked for ten minutes: group lead 3 32 on the board that leads. Nothing is set")
        if gathering.two() != two:
            two = not two
            if two:
                yield "two boards ask who wants to join: this one answers neither until one has ended", {"twice": True}
        yield None
    values = settings(*gathering.proposal) + own_circuit(service.settings)
    tried(service, values)
    gathering.answered = CAN
    while gathering.state != SETTLES:
        waited(service, gathering)
        yield None
    place, size, circuit_ma, safe_ma = gathering.proposal
    text = "number %d of %d on %s, safe share %s" % (place, size, amps(circuit_ma), amps(safe_ma))
    yield text, {"number": place, "leased_ma": safe_ma}
    yield from staged(service, values)
    gathering.answered = HAS
    yield "if the clamps here are around the supply, and not this cable: set group_clamps supply, set idle_ma 150", None
    while gathering.state != DONE:
        waited(service, gathering)
        yield None
    yield "save puts it in force; then, with a car, calibrate car proves the phases", None
