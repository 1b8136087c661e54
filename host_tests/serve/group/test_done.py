"""A car that has stopped by itself stays so for its group, through a pause: else it would be given its least all night."""

from bench import host
from bench.site import Bus

host.load()
from headroom.guard import session
from headroom.guard.lease import Lease
from headroom.serve.group.member import Member
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


def test_who_has_stopped_by_itself_does_not_wait_for_a_turn():
    """A leader that starts anew asks how long each has waited: a car that was full all night would come first in the morning."""
    member, verdict = Member(Bus(0, 1).tap(), Lease(0), 1, 2, 101, 1), Verdict()
    verdict.session, verdict.closed = session.OFFERED, False
    for _ in range(40):
        member.speak(25, Limits(), Readings(), Proposal(), verdict)
    assert member.wait_ms == 1000
    verdict.session = session.DONE
    member.speak(25, Limits(), Readings(), Proposal(), verdict)
    assert member.wait_ms == 0
