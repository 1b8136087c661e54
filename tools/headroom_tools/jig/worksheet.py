"""The work sheet: pytest runs the numbered steps in steps/, and this plugin keeps what each of them found.

A step is a test with a code that never changes. It switches, asks and records; what it recorded outside of its limits fails it
when it ends. After every step the jig goes back to rest, and the board must be as the step should leave it: no fault stands, no
error counter moved, its time ran on, the contactor is open and the plug dead.
"""

import datetime
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from headroom_tools.boards.board import load
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common.errors import BadInput
from headroom_tools.device.console_link import ChargerRefused
from headroom_tools.jig.codes import told
from headroom_tools.jig.dut import Board, Stalled
from headroom_tools.jig.instruments import RELAYS, OutOfOrder
from headroom_tools.jig.limits import limit
from headroom_tools.jig.measurement import Instrument, Measurement, Outcome, taken, worst
from headroom_tools.jig.station import Station

STEPS = Path(__file__).parent / "steps"
REST_MS = 5000  # an idle board has taken back its offer by then
REST_MA = 2000  # with nothing at all in its clamps a board takes them for ones that fell off
CLEAR_MS = 1500  # a fault whose cause is gone for so long can be cleared by hand, or stays for half a minute
DEAD_MV = 5000
STEADY_U16 = 65535  # duty of a pilot that does not oscillate
COUNTERS = (("mishaps", "mishaps of the firmware"), ("write_failures", "failed flash writes"))
FIRST_AT_REST = 200  # from here on a step is watched by what it leaves
LAST = 900  # from here on the board is as ordered
IDLE = "idle"  # how a step leaves the board: idle at its console,
INTERRUPTED = "interrupted: the board is tested again from the start"
PULLED = "the board was pulled off in the middle of a test: put it back, it is tested from the start"
ENDED = "a step before it ended the test"
GOOD = ("pass", "marginal")
UNTOLD = "says nothing without step"
PROMPT = "prompt"  # or at MicroPython's prompt, where it says nothing of itself
F = TypeVar("F", bound=Callable[..., Any])
CABLE = "220"  # ohm of a cable for 32 A
OWN = Instrument("the board itself")


@dataclass(frozen=True)
class Step:
    """What the sheet says of a step; ``vital``: where it fails, the rest would be dangerous, or can't be done."""

    code: int
    title: str
    cause: str
    look: str
    vital: bool = False
    leaves: str = IDLE
    needs: str = ""  # a name of the board's file that must be there: None skips the step
    by: str = ""  # an instrument that not every station has: without it the step is skipped
    after: int = 0  # a step without which this one says nothing: skipped where that one failed
    raises: tuple[str, ...] = ()  # faults that it provokes, as guard/faults.py calls them; any other one fails it


def step(code: int, title: str, **more: Any) -> Callable[[F], F]:
    """Makes a test a step of the sheet."""
    return pytest.mark.step(Step(code, title, **more))


class NotTested(BadInput):
    """The operator's or the station's doing: the board is neither good nor bad, and is tested again."""


@dataclass
class StepResult:
    """What became of a step."""

    step: Step
    outcome: str = "not run"  # pass, marginal, fail, skipped, not tested
    seconds: float = 0.0
    said: str = ""
    measurements: list[Measurement] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "code": self.step.code,
            "title": self.step.title,
            "outcome": self.outcome,
            "seconds": round(self.seconds, 2),
            "said": self.said,
            "cause": self.step.cause if self.outcome == "fail" else "",
            "look": self.step.look if self.outcome == "fail" else "",
            "measurements": [each.record() for each in self.measurements],
        }


@dataclass
class Jig:
    """What a step works with."""

    board: Board
    station: Station
    pins: dict[str, Any]  # the board's file, name by name
    serial: Callable[[str, str], str]  # the number that the board has, and its chip's, to the number it shall have
    host_tests: Callable[[], str]  # waits for them; what failed, or ""
    today: datetime.date
    notice: Callable[[str], None]
    number: str = ""
    chip: str = ""
    firmware: str = ""
    current: StepResult | None = None
    prepared: bool = False
    before: dict[str, Any] = field(default_factory=dict)  # the board's own settings, where the test's are in force
    seen: Callable[[str], None] = lambda _chip: None  # NotTested: this chip was tested before
    counted: dict[str, int] = field(
        default_factory=dict
    )  # the board's error counters, as they stood when last looked at

    def record(self, name: str, value: float | None, by: Instrument = OWN) -> Measurement:
        """Keep a measurement; one outside of its limits fails the step when it ends."""
        found = taken(name, value, limit(name), by, self.today)
        assert self.current is not None
        self.current.measurements.append(found)
        return found

    def volts(self, point: str, name: str, by: float = 1000) -> Measurement:
        """The same of the voltmeter's reading at a point, in its unit: mV divided by ``by``."""
        mv = self.station.voltmeter.mv(point)
        return self.record(name, None if mv is None else mv / by, self.station.voltmeter.instrument)

    def car(self, state: str) -> None:
        """Play a car by the relays."""
        if self.pins["PROXIMITY_PIN"] is not None:
            self.station.relays.switch("cable", "open" if state == "A" else CABLE)
        self.station.relays.switch("pilot", state)

    def charge(self) -> dict[str, Any]:
        """A car comes and asks for power: returns once the contactor is closed."""
        self.car("B")
        self.board.until(lambda now: now["offer_ma"] > 0, 12000, "an offer to the car")
        self.car("C")
        return self.board.until(
            lambda now: now["told_closed"] and now["contactor_closed"], 6000, "the contactor closes"
        )

    def plugs(self) -> list[str]:
        """The points at the plug's live contacts."""
        return [f"plug L{phase + 1}" for phase in range(self.pins["PHASES"])]

    def prepare(self) -> None:
        """Put the settings of the test in force: the highest ratings of the board, the shortest waits."""
        if self.prepared:
            return
        if not self.number:
            self.number = str(self.board.ask("serial")[0].get("serial", ""))
        wanted = test_settings(self.pins)
        if not self.before:
            self.before = {line["name"]: line["value"] for line in self.board.ask("get") if line.get("name") in wanted}
        for name, value in wanted.items():
            self.board.ask(f"set {name} {value}")
        self.board.ask("save")
        self.board.measure()  # from here on a start that nobody asked for shows
        self.prepared = True

    def give_back(self) -> None:
        """The board's own settings again, where the test did not take its own away: they are a board's highest ratings."""
        if not self.before:
            return
        for name, value in self.before.items():
            self.board.ask(f"set {name} {value}")
        self.board.ask("save")
        self.before, self.prepared = {}, False

    def watch(self, raises: tuple[str, ...]) -> None:
        """AssertionError where something befell the board during a step that the step did not mean; before anything is mended."""
        now, before = self.board.measure(), self.counted
        self.counted = {counter: now[counter] for counter, _ in COUNTERS}
        assert not self.board.forget_starts(), (
            "afterwards: the board started again by itself: log on the console tells why"
        )
        strange = told(now["fault_set"], raises)
        assert not strange, (
            f"afterwards: fault '{strange}', which is not the step's doing: status on the console tells more"
        )
        for counter, what in COUNTERS:
            was = before.get(counter, 0)
            moved = now[counter] - was if now[counter] >= was else now[counter]  # a new start begins at 0
            assert not moved, f"afterwards: {moved} {what}: status on the console tells more"
        assert not now["unread_pin"], f"afterwards: GPIO{now['unread_pin']} reads no edge of the pilot"

    def rest(self) -> None:
        """Every relay and the source as they are without a car: before and after a board, and after every step."""
        for relay, positions in RELAYS.items():
            self.station.relays.switch(relay, positions[0])
        self.station.source.drive((REST_MA,) * len(self.pins["CT_PINS"]))

    def settle(self) -> None:
        """The fixture at rest, and the board too: what the step did on purpose is cleared."""
        self.rest()
        if self.board.measure()["fault_set"]:
            self.clear()

    def clear(self) -> None:
        """By `clear`, as a person; and where that has to wait for minutes, by a new start, which is told."""
        if not self.board.rest(CLEAR_MS)["fault_set"]:
            return
        try:
            self.board.ask("clear")
        except ChargerRefused:
            self.board.restart()

    def compare(self) -> None:
        """AssertionError where the board is not at rest: no fault, no offer, every output off, nothing live."""
        now = self.board.until(
            lambda now: not now["told_closed"] and now["offer_ma"] == 0 and not now["told_locked"],
            REST_MS,
            "the board is idle again",
        )
        stand = told(now["fault_set"])
        assert not stand, f"afterwards: fault '{stand}' stands and cannot be cleared: status on the console tells more"
        assert not now["contactor_closed"], "afterwards: the contactor is found closed"
        assert now["duty_u16"] == STEADY_U16, f"afterwards: the pilot oscillates, {now['duty_u16']} of {STEADY_U16}"
        assert not (self.pins["LOCK_PIN"] and now["locked"]), "afterwards: the lock still holds"
        for point in self.plugs():
            mv = self.station.voltmeter.mv(point) or 0
            assert mv < DEAD_MV, f"afterwards: {point} has {mv / 1000:.0f} V"


def test_settings(pins: dict[str, Any]) -> dict[str, str]:
    """What the steps need: ratings of the board, short dwells, a console that says nothing unasked."""
    return {
        "breaker_ma": str(pins["MAX_BREAKER_MA"]),
        "charger_ma": str(pins["MAX_OFFER_MA"]),
        "household_ma": "80000",
        "phases": str(pins["PHASES"]),
        "rise_dwell_ms": "1000",
        "resume_dwell_ms": "5000",
        "status_ms": "0",
    }


class Sheet:
    """The plugin: which steps run, and what became of each."""

    def __init__(
        self, jig: Jig, only: set[int] | None = None, first: int = 0, seen: Callable[[str], None] = lambda _chip: None
    ) -> None:
        self.jig = jig
        self.jig.seen = seen
        self.only = only
        self.first = first
        self.results: list[StepResult] = []
        self.ended: BadInput | None = None  # the operator's doing, or a vital step's
        self.stopped = False
        self.gone = False  # pulled off, or hung
        self.interrupted: BaseException | None = None  # Ctrl-C, or a request to terminate
        self.wanted = 0

    # choosing -----------------------------------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        """The mark that a step has."""
        config.addinivalue_line("markers", "step(what): a numbered step of the work sheet")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """In the order of their codes; those asked for."""
        items.sort(key=lambda item: step_of(item).code)
        items[:] = [item for item in items if self._wanted(step_of(item).code)]
        self.wanted = len(items)

    def _wanted(self, code: int) -> bool:
        return code >= self.first and (self.only is None or code in self.only)

    @pytest.fixture(name="jig")
    def given(self) -> Jig:
        """What a step works with."""
        return self.jig

    # running ------------------------------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """A step, its verdict, and what it left behind."""
        current = self.jig.current = StepResult(step_of(pyfuncitem))
        self.results.append(current)
        begun_s = time.monotonic()
        try:
            self._may_run(current.step)
            result = yield
            self._judge(current)
        except pytest.skip.Exception as skipped:
            current.outcome, current.said = "skipped", str(skipped)
            raise
        except NotTested as error:
            current.outcome, current.said = "not tested", str(error)
            self.ended, self.stopped = error, True
            raise
        except BaseException as error:
            current.said = " ".join(str(error).split("\n")[0].split()) or type(error).__name__
            if why := self._operators(error):
                current.outcome, self.ended, self.stopped = "not tested", NotTested(why), True
                raise
            current.outcome = "fail"
            self.stopped = self.stopped or current.step.vital
            self._clean_up(current.step)
            raise
        finally:
            current.seconds = time.monotonic() - begun_s
            self._report(pyfuncitem, current)
        return result

    def _may_run(self, what: Step) -> None:
        if self.stopped:
            pytest.skip(ENDED)
        missed = [each for each in self.results[:-1] if each.step.code == what.after]
        if any(each.outcome == "fail" or each.said.startswith(UNTOLD) for each in missed):
            pytest.skip(f"{UNTOLD} {what.after}")
        if what.needs and self.jig.pins.get(what.needs) in (None, False):
            pytest.skip(f"board {self.jig.station.board} has no {what.needs}")
        if what.by and getattr(self.jig.station, what.by) is None:
            pytest.skip(f"station {self.jig.station.name} has no {what.by}")
        if what.leaves == IDLE and FIRST_AT_REST <= what.code < LAST:
            self.jig.prepare()

    def _judge(self, current: StepResult) -> None:
        bad = [each for each in current.measurements if each.outcome is Outcome.FAIL]
        if bad:
            raise AssertionError("; ".join(each.told() for each in bad))
        if current.step.leaves == IDLE and current.step.code >= FIRST_AT_REST:
            self.jig.watch(current.step.raises)
            self.jig.settle()
            self.jig.compare()
        current.outcome = worst([each.outcome for each in current.measurements]).value

    def _operators(self, error: BaseException) -> str:
        """What the operator did, where that ended a step: Ctrl-C, or the board is gone; else nothing."""
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            self.interrupted = error
            return INTERRUPTED
        if isinstance(error, OutOfOrder):
            return f"{error}; it is the station, not the board"
        port = self.jig.board.port
        if isinstance(error, BadInput) and (isinstance(error, Stalled) or not Path(port).exists()):
            self.gone = True
            return f"{port}: {PULLED}"
        return ""

    def outcome(self) -> str:
        """Of the board: it passes when every step that was wanted has run, and none failed."""
        if isinstance(self.ended, NotTested) or len(self.results) < self.wanted:
            return "not tested"
        return "fail" if any(each.outcome == "fail" for each in self.results) else "pass"

    def _clean_up(self, what: Step) -> None:
        """So that the next step fails by itself, or not at all."""
        self.jig.prepared = False
        if what.leaves != IDLE or what.code < FIRST_AT_REST:
            return
        try:
            self.jig.settle()
            now = self.jig.board.measure()
            self.jig.board.forget_starts()
            self.jig.counted = {counter: now[counter] for counter, _ in COUNTERS}
            if now["told_closed"] or now["fault_set"] or now["offer_ma"]:
                self.jig.board.restart()
        except (AssertionError, BadInput, ChargerRefused) as error:
            self.jig.notice(f"after step {what.code}: {error}")

    def _report(self, item: pytest.Function, current: StepResult) -> None:
        for each in current.measurements:
            item.user_properties.append((each.name, f"{each.value} {each.unit} ({each.allowed}): {each.outcome}"))
        item.user_properties.append(("code", current.step.code))
        if current.said != ENDED:
            line = f"{current.step.code}  {current.step.title:<54} {current.outcome:<10}{current.seconds:6.1f} s"
            self.jig.notice(f"{line}  {current.said}".rstrip())


def step_of(item: pytest.Item) -> Step:
    """The step that a test is. A test in steps/ that is none is a mistake in it."""
    mark = item.get_closest_marker("step")
    assert mark is not None, f"{item.nodeid} has no step number"
    found: Step = mark.args[0]
    return found


def tried(
    board: Board, station: Station, only: set[int], notice: Callable[[str], None] = lambda _line: None
) -> list[StepResult]:
    """These steps on the board that is there, with no batch, no page and no host tests: what became of each."""
    with board:
        pins = load(board_path(station.board)).values
        jig = Jig(
            board,
            station,
            pins,
            lambda there, _chip: there or "HR-000001",
            lambda: "none",
            datetime.date.today(),
            notice,
        )
        sheet = Sheet(jig, only)
        run(sheet, None)
    return sheet.results


def run(sheet: Sheet, junit: Path | None) -> None:
    """Runs the steps; what became of them is in the sheet. BadInput: pytest itself could not run."""
    options = [
        "-c",
        str(STEPS / "pytest.ini"),
        "--rootdir",
        str(STEPS),
        "-p",
        "no:cacheprovider",
        "-p",
        "no:terminal",
        "-s",
    ]
    options += ["-p", "no:xdist", "-p", "no:hypothesispytest", str(STEPS)]
    if junit is not None:
        options += ["--junitxml", str(junit), "-o", "junit_suite_name=jig"]
    sheet.jig.rest()
    status: int = pytest.ExitCode.TESTS_FAILED
    try:
        status = pytest.main(options, plugins=[sheet])
    except OSError as error:  # the steps' own are theirs: it is the file, and the board's line is worth more
        sheet.jig.notice(f"{junit}: {error.strerror}: there is no JUnit XML of this board")
    finally:
        _give_back(sheet)
        try:
            sheet.jig.rest()
        except (
            BadInput
        ) as error:  # what was found of the board is kept all the same; the next one's begin tells it again
            sheet.jig.notice(f"the fixture is not at rest, switch its supply off before you open it: {error}")
    if status == pytest.ExitCode.INTERRUPTED and not sheet.interrupted:  # between two steps
        sheet.interrupted, sheet.ended = KeyboardInterrupt(), NotTested(INTERRUPTED)
    if not sheet.interrupted and status not in (
        pytest.ExitCode.OK,
        pytest.ExitCode.TESTS_FAILED,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        raise BadInput(f"the jig's steps cannot be run: pytest ended with {int(status)}")
    if not sheet.results:
        raise BadInput("no step has that number: see headroom jig sheet")


def _give_back(sheet: Sheet) -> None:
    """The board's own settings. A board that cannot be told is named: it has the test's."""
    try:
        if not sheet.gone:
            sheet.jig.give_back()
    except (BadInput, ChargerRefused) as error:
        sheet.jig.notice(f"the board has no settings of its own but the test's: {error}")
    if sheet.jig.before:
        sheet.jig.notice("the settings of the test, its highest ratings, are on this board: test it from the start")


class Collected:
    """A plugin that only looks: every step, with the text of its test."""

    def __init__(self) -> None:
        self.steps: list[tuple[Step, str]] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """The mark that a step has."""
        config.addinivalue_line("markers", "step(what): a numbered step of the work sheet")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep them, run none."""
        items.sort(key=lambda item: step_of(item).code)
        self.steps = [
            (step_of(item), (item.obj.__doc__ or "").strip()) for item in items if isinstance(item, pytest.Function)
        ]


def collected() -> list[tuple[Step, str]]:
    """Every step in its order, with what its test says of itself."""
    plugin = Collected()
    options = ["-c", str(STEPS / "pytest.ini"), "--rootdir", str(STEPS), "--collect-only", "-p", "no:cacheprovider"]
    status = pytest.main([*options, "-p", "no:terminal", "-p", "no:xdist", str(STEPS)], plugins=[plugin])
    assert status == pytest.ExitCode.OK, f"pytest ended with {status}"
    return plugin.steps


def to_stderr(line: str) -> None:
    """Where an operator's lines go."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
