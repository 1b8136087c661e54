"""Steps 900 to 990: the board leaves as it was ordered, with nothing of the test on it."""

from headroom_tools.device.console_link import ChargerRefused
from headroom_tools.jig.worksheet import PROMPT, Jig, step

KEPT = ("serial", "calibration")
TIDY = """
import os
kept = {kept!r}
for name in os.listdir('/data'):
    if name not in kept:
        for each in os.listdir('/data/' + name):
            os.remove('/data/' + name + '/' + each)
        os.rmdir('/data/' + name)
print(' '.join(sorted(os.listdir('/data'))))
"""


@step(
    900,
    "What the test wrote is taken away",
    cause="the flash chip refuses",
    look="status on the console",
    vital=True,
    leaves=PROMPT,
)
def test_nothing_of_the_test_stays_on_the_board(jig: Jig) -> None:
    """Settings, journal and counters of the test are removed; serial number and calibration stay. Then it starts as if new."""
    left = jig.board.execute(TIDY.format(kept=KEPT)).split()
    assert set(left) <= set(KEPT), f"left on the board: {left}"
    jig.before = {}
    jig.board.mpremote("reset")


@step(910, "Settings of the order", cause="an order that this board refuses", look="[order] in the station file")
def test_the_board_has_the_settings_that_were_ordered(jig: Jig) -> None:
    """Written, saved, and read again after a new start."""
    try:
        for name, value in jig.station.order.items():
            jig.board.ask(f"set {name} {value}")
            jig.before.pop(name, None)
        jig.board.ask("save")
    except ChargerRefused as refused:
        raise AssertionError(f"the board refuses the order: {refused}") from None
    before = {line["name"]: line["value"] for line in jig.board.ask("get") if line["name"] in jig.station.order}
    jig.board.restart()
    after = {line["name"]: line["value"] for line in jig.board.ask("get") if line["name"] in jig.station.order}
    assert after == before, f"after a new start: {after}, ordered {before}"


@step(920, "Journal without a fault", cause="something happened after the test", look="log on the console")
def test_the_journal_holds_starts_and_settings_only(jig: Jig) -> None:
    """`log`: what a board of that age may have lived through."""
    from headroom_tools.jig.codes import constants

    kinds = constants("record/events.py")
    may = {kinds["BOOT"], kinds["SAVED"]}
    strange = [line["line"] for line in jig.board.ask("log") if line.get("kind") not in may]
    assert not strange, "; ".join(strange)


@step(
    930, "Serial number and calibration kept", cause="the flash chip forgets", look="version, calibrate on the console"
)
def test_the_board_remembers_who_it_is_and_how_it_reads(jig: Jig) -> None:
    """After the new start."""
    kept = jig.board.ask("version")[0]["serial"]
    assert kept, "the board has no serial number"
    jig.number = jig.number or kept
    assert kept == jig.number, f"the board was told {jig.number} and keeps {kept}"
    points = {line["meter"]: line["points"] for line in jig.board.ask("calibrate") if "meter" in line}
    for place in range(len(jig.pins["CT_PINS"])):
        assert points[f"L{place + 1}"], f"L{place + 1} is not calibrated"


@step(940, "Plug dead at the end", cause="contactor", look="contactor", vital=True)
def test_the_plug_is_dead_when_the_board_is_taken_out(jig: Jig) -> None:
    """The last look before the fixture opens."""
    for point in jig.plugs():
        jig.volts(point, f"plug_dead.{point[-2:]}.end")
