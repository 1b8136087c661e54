"""The group's frames: Modbus RTU, so that they may share a line with meters. Two of them.

- a question to one member and its answer, function 65 (a maker's own: Modbus Application Protocol V1.1b3, 5), and
- the leases of all members at once, function 16 to address 0, which nobody answers.

Words are 16 bits, the high byte first. Currents are in 10 mA: 80 A are 8000, so that a lease and its phases fit a word.
"""

ASK = 65
LEASES = 16
PART_MS = 4000  # turns and waits are told in such parts
VERSION = 2  # of these frames: a member that speaks another one keeps to its safe share
REGISTER = 0x4C00  # where the leases stand in Modbus' terms
HEAD = 7  # address, function, register, count, bytes
FIRST = HEAD + 6  # behind leader, epoch, sequence
ASK_LENGTH = 3 + 10
ANSWER_LENGTH = 3 + 32
# flags of an answer: it answers this leader; it has a car; it took a frame of its; the car has stopped by itself
ANSWERS, WANTS, TAKEN, DONE = 1, 2, 4, 8


def put(frame, at, value):
    """A word."""
    frame[at] = value >> 8 & 0xFF
    frame[at + 1] = value & 0xFF


def word(frame, at):
    """The word there."""
    return frame[at] << 8 | frame[at + 1]


def signed(value):
    """A word that may be negative."""
    return value - 0x10000 if value & 0x8000 else value


def ask(frame, number, leader, epoch, question, leader_no, why, own):
    """The question to member ``number``; returns its length.

    For who listens: ``why`` that member has what it has (law/share.py), and what the leader draws in 10 mA, times 8, plus why.
    """
    frame[0], frame[1], frame[2] = number, ASK, ASK_LENGTH - 3
    put(frame, 3, leader)
    put(frame, 5, epoch)
    frame[7], frame[8], frame[9] = question, VERSION, leader_no
    frame[10] = why
    put(frame, 11, own)
    return ASK_LENGTH


def leases(frame, leader, epoch, ledger):
    """The leases of all; returns the length. Who is not heard is leased nothing, and loses nothing: no phase says so."""
    count = 3 + 2 * ledger.count
    frame[0], frame[1] = 0, LEASES
    put(frame, 2, REGISTER)
    put(frame, 4, count)
    frame[6] = 2 * count
    put(frame, HEAD, leader)
    put(frame, HEAD + 2, epoch)
    put(frame, HEAD + 4, ledger.seq)
    for place in range(ledger.count):
        at = FIRST + 4 * place
        put(frame, at, ledger.ma[place] // 10 << 3 | ledger.phases[place] if ledger.hears(place) else 0)
        put(frame, at + 2, ledger.token[place])
    return HEAD + 2 * count


def leased(frame, length, place):
    """Where the lease of ``place`` stands in a frame of leases; 0: this is none, or it is for fewer."""
    at = FIRST + 4 * place
    if length < at + 4 or frame[0] or frame[1] != LEASES or word(frame, 2) != REGISTER:
        return 0
    return at
