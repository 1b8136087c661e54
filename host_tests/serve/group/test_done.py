"""A car that has stopped by itself stays so for its group, through a pause: else it would be given its least all night."""

from bench import host
from bench.site import Bus

host.load()
from headroom.guard import session
from headroom.guard.lease import Lease
from headroom.law.share import UNKNOWN
from headroom.serve.group.member import NEW_MS, Member
from headroom.terms.records import Limits, Proposal, Readings, Verdict


def told(states):
    """What the member says of its car after each of these."""
    member, verdict, done = Member(Bus(0, 1).tap(), Lease(0), 1, 2, 101, 1), Verdict(), []
    for state in states:
        verdict.session, verdict.closed = state, state in (session.CHARGING, session.STOPPING)
        member.speak(25, Limits(), Readings(), Proposal(), verdict)
        done.append(member.done)
    return done


def test_a_pause_does_not_make_it_hungry_again():
    assert told([session.CHARGING, session.DONE, session.PAUSED, session.OFFERED, session.WAKING]) == [False] + 4 * [
        True
    ]


def test_current_does_and_another_car_does():
    assert told([session.DONE, session.PAUSED, session.OFFERED, session.CHARGING])[-1] is False
    assert told([session.DONE, session.PAUSED, session.IDLE, session.OFFERED])[-1] is False


def waits(states, ms=25):
    """How long the member says that its car has waited, after each of these, ``ms`` long."""
    member, verdict, waited_ms = Member(Bus(0, 1).tap(), Lease(0), 1, 2, 101, 1), Verdict(), []
    for state in states:
        verdict.session = state
        member.speak(ms, Limits(), Readings(), Proposal(), verdict)
        waited_ms.append(member.wait_ms)
    return waited_ms


def test_nobody_knows_how_long_a_car_has_waited_that_was_there_before_the_start():
    assert waits([session.IDLE, session.IDLE, session.OFFERED, session.PAUSED]) == [UNKNOWN] * 4


def test_a_car_that_comes_later_waits_from_then_on():
    assert waits([session.IDLE, session.OFFERED, session.PAUSED], ms=NEW_MS) == [0, NEW_MS, 2 * NEW_MS]


def test_a_full_car_waits_for_nothing():
    assert waits([session.IDLE, session.OFFERED, session.DONE, session.PAUSED], ms=NEW_MS) == [0, NEW_MS, 0, 0]
