"""Steps 100 to 190: which board is it, and does it carry the firmware?"""

import re

import pytest

from headroom_tools.common.errors import BadInput
from headroom_tools.device.console_link import ChargerRefused
from headroom_tools.jig import presence
from headroom_tools.jig.dut import Stalled
from headroom_tools.jig.worksheet import PROMPT, PULLED, Jig, NotTested, step

OTHER_BOARD = re.compile(r"runs board (.+) and would become")

IDENTIFY = """
import machine, sys, os
i = sys.implementation
print(sys.platform, '.'.join(str(each) for each in i[1][:3]), ''.join('%02x' % each for each in machine.unique_id()))
"""


@step(
    100,
    "Chip identified",
    cause="no supply, the USB converter, or a chip without MicroPython",
    look="5 V and 3.3 V on the board; the port; headroom flash --with-micropython for a bare chip",
    vital=True,
    leaves=PROMPT,
)
def test_the_chip_answers_and_says_who_it_is(jig: Jig) -> None:
    """Put the board into the fixture, close it, switch the supply on. The chip tells its platform, MicroPython and number."""
    try:
        platform, version, jig.chip = jig.board.execute(IDENTIFY).split()[-3:]
    except Stalled as gone:
        raise NotTested(str(gone)) from None
    except BadInput as error:
        if "in use by another program" in str(error):
            raise NotTested(presence.BUSY.format(jig.board.port)) from None
        raise
    assert platform in ("esp32", "linux"), f"this is no ESP32 but {platform}"
    jig.firmware = f"MicroPython {version}"
    jig.seen(jig.chip)


@step(
    110,
    "Firmware flashed and verified",
    cause="a worn or wrong flash chip; a broken lead to it",
    look="solder of the module; the line that headroom flash says",
    vital=True,
    leaves=PROMPT,
)
def test_the_firmware_is_on_the_board_and_starts(jig: Jig) -> None:
    """Every file is written beside the old version, read back, compared by hash, then put in force; the firmware says that it is
    ready. Do not touch the board meanwhile.
    """
    try:
        jig.board.flash(jig.station.board, lambda _said, _done, _of: None)
    except BadInput as error:
        if "stopped answering" in str(error):
            raise NotTested(f"{jig.board.port}: {PULLED}") from None
        if other := OTHER_BOARD.search(str(error)):
            raise NotTested(
                f"wrong board: it is a {other[1]}, this station tests {jig.station.board}; take it out, nothing was written"
            ) from None
        raise AssertionError(str(error)) from None


@step(
    120,
    "Firmware is this one, for this board",
    cause="another board's firmware came to this station",
    look="the board's name on its label, and [station] board in the station file",
    vital=True,
)
def test_the_board_says_that_it_runs_this_firmware(jig: Jig) -> None:
    """`version` on the console."""
    from headroom_tools.common.version import version

    said = jig.board.ask("version")[0]
    assert said["board"] == jig.station.board, f"it is a {said['board']}"
    assert said["version"] == version(), f"it runs {said['version']}, this is {version()}"
    jig.firmware = f"headroom {said['version']}, {jig.firmware}".rstrip(", ")


@step(
    130,
    "Serial number stored",
    cause="the flash chip refuses",
    look="status on the console",
    vital=True,
)
def test_the_board_has_its_serial_number(jig: Jig) -> None:
    """The number given, scanned or drawn is on the board's flash, where a reflash keeps it. A board that has one keeps it."""
    there = str(jig.board.ask("serial")[0]["serial"])
    wanted = jig.serial(there, jig.chip)
    try:
        jig.board.ask(f"serial {wanted}")
    except ChargerRefused as refused:
        raise AssertionError(str(refused)) from None
    jig.number = wanted
    kept = jig.board.ask("version")[0]["serial"]
    assert kept == wanted, f"the board was told {wanted} and keeps {kept or 'nothing'}"


@step(
    140,
    "The fixture's plug is in",
    cause="the fixture's plug is not in the board's socket",
    look="plug it in",
    vital=True,
)
def test_the_fixture_reaches_the_pilot(jig: Jig) -> None:
    """The relays play a car; board and voltmeter must both see it."""
    jig.car("B")
    mv = jig.station.voltmeter.mv("pilot high")
    jig.car("A")
    open_mv = jig.station.voltmeter.mv("pilot high")
    if open_mv and open_mv > 8000 and mv and mv > open_mv - 1000:
        raise NotTested("the fixture's plug is not in: the pilot does not feel the car's resistor; plug it in")


@step(
    150,
    "The order is one that this board takes",
    cause="the station file orders what this board cannot do",
    look="[order] in the station file",
    vital=True,
)
def test_the_board_would_take_what_is_ordered(jig: Jig) -> None:
    """Set, not saved, and taken back: it is for the end of the test."""
    try:
        for name, value in jig.station.order.items():
            jig.board.ask(f"set {name} {value}")
        jig.board.ask("undo")
    except ChargerRefused as refused:
        raise NotTested(f"[order] in the station file: {refused}") from None


@step(
    190,
    "The rules' own tests pass",
    cause="this copy of the firmware was changed, or is not whole",
    look="make test in this folder; git status",
    vital=True,
    leaves=PROMPT,
)
def test_the_host_tests_of_the_rules_passed(jig: Jig) -> None:
    """A share of the firmware's own tests ran on this PC while the board was flashed: once a session."""
    failed = jig.host_tests()
    if failed == "none":
        pytest.skip("the station file names none")
    assert not failed, failed
