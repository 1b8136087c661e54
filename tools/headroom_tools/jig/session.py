"""A session at a station: board after board, each to a line in the batch file, a page and a label. Nothing of a board is lost.

The operator's mistakes end a board's test as `not tested`: it is neither good nor bad, and is tested again from the start.
"""

import contextlib
import datetime
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headroom_tools.boards.board import load
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.common.version import version
from headroom_tools.jig import batch, label, page, presence, serials, worksheet
from headroom_tools.jig.dut import Board
from headroom_tools.jig.station import Station
from headroom_tools.jig.worksheet import Jig, NotTested, Sheet

NOW = "now.html"  # the page for the screen above the station
REFRESH_S = 2
PAGES_FOLDER = "pages"
SCAN = "scan"  # --serial-no: a label is read for each board
SCANS = 3
COUNTER_PUT_BACK = "the counter file was put back: write the last number that was used into it"


@dataclass(frozen=True)
class Plan:
    """What an operator asked for."""

    port: str
    batch: Path
    out: Path
    only: frozenset[int] | None = None
    first: int = 0
    number: str = ""  # given, a label's text, or "scan"
    boards: int = 0  # 0: until Ctrl-C
    repeat: int = 1
    again: bool = False  # the same board may be tested twice

    def whole(self) -> bool:
        """Every step."""
        return self.only is None and self.first == 0


class HostTests:
    """A share of the firmware's own tests, run on this PC while the first board is flashed; then what they said is known."""

    def __init__(self, share: tuple[str, ...]) -> None:
        self.said: str | None = None if share else "none"
        self.process: subprocess.Popen[str] | None = None
        if share:
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *share]
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )

    def wait(self) -> str:
        """Returns what failed; "" when all passed, "none" where the station file names none."""
        if self.said is None and self.process is not None:
            out, _ = self.process.communicate()
            lines = [line for line in out.splitlines() if line.strip()] or ["nothing"]
            failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
            self.said = "" if self.process.returncode == 0 else (failed or lines[-1:])[0]
        assert self.said is not None
        return self.said

    def end(self) -> None:
        """Whatever still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@dataclass
class Session:
    """From the first board to the last."""

    station: Station
    plan: Plan
    notice: Callable[[str], None] = worksheet.to_stderr
    scan: Callable[[], str] = lambda: ""
    done: dict[str, dict[str, Any]] = field(default_factory=dict)  # chip: its last line

    def run(self) -> int:
        """Returns the number of boards that failed or were not tested. BadInput: the station cannot work."""
        plan = self.plan
        if plan.number and plan.number != SCAN:
            if plan.boards != 1:
                raise BadInput(
                    f"--serial-no {plan.number}: one number is for one board; leave it out, or --serial-no scan"
                )
            self._read(plan.number)
        self._in_date()
        for each in self.station.instruments():
            if warning := each.warning(datetime.date.today()):
                self.notice(warning)
        if plan.boards == 1 and not Path(plan.port).exists():
            raise BadInput(f"{plan.port}: no such port: is the fixture's cable in, and its supply on?")
        with presence.held(plan.port):
            return self._boards()

    def _boards(self) -> int:
        plan, failed = self.plan, 0
        self._keep_room()
        self.host_tests = HostTests(self.station.host_tests if plan.whole() else ())
        try:
            count, line = 0, None
            while not plan.boards or count < plan.boards:
                if plan.boards != 1:
                    self._next_board(line)
                for _ in range(plan.repeat):
                    line = self._board()
                    failed += line["outcome"] != "pass"
                assert line is not None
                count += line["outcome"] != "not tested"
                if plan.boards == 1:
                    break
        finally:
            self.host_tests.end()
        return failed

    def _next_board(self, last: dict[str, Any] | None) -> None:
        """Wait for it. What became of the last one stays on the screen until that is taken out."""
        if last is not None:
            mended = last["outcome"] == "not tested"
            self.notice("take the board out" + "; put it back in when that is mended" * mended)
            presence.wait(self.plan.port, False, self.notice)
        self._show("empty")
        self.notice("put in a board")
        presence.wait(self.plan.port, True, self.notice)

    def _in_date(self) -> None:
        """BadInput where an instrument's calibration has ended: no board could pass, and none is touched."""
        for each in self.station.instruments():
            if each.expired(datetime.date.today()):
                raise BadInput(f"{each.warning(datetime.date.today())}: have it calibrated, or take another")

    def _keep_room(self) -> None:
        plan = self.plan
        batch.reserve(plan.batch)
        try:
            (plan.out / PAGES_FOLDER).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"--out {plan.out}: {error.strerror}") from None

    def _board(self) -> dict[str, Any]:
        began = datetime.datetime.now().isoformat(timespec="seconds")
        self._keep_room()
        self._in_date()
        self._show("testing")
        with Board(self.plan.port) as board:
            jig = Jig(
                board=board,
                station=self.station,
                pins=load(board_path(self.station.board)).values,
                serial=self._serial,
                host_tests=self.host_tests.wait,
                today=datetime.date.today(),
                notice=self.notice,
            )
            sheet = Sheet(jig, None if self.plan.only is None else set(self.plan.only), self.plan.first, self._same)
            junit = self.plan.out / PAGES_FOLDER / f"{began.replace(':', '')}.xml"
            worksheet.run(sheet, junit)
            line = self._line(began, sheet)
        self._keep(line, junit)
        if sheet.interrupted:
            raise sheet.interrupted
        return line

    def _same(self, chip: str) -> None:
        """NotTested for a chip that has passed in this session; one that failed may have been mended."""
        if chip in self.done and not self.plan.again and self.plan.repeat == 1:
            was = self.done[chip]
            which = f"{was['serial'] or chip} was tested at {was['ended'][11:16]}"
            if was["outcome"] == "pass":
                raise NotTested(f"the same board twice: {which}, and passed; take it out, or add --again")
            self.notice(f"{which}, and failed: it is tested again")

    def _serial(self, there: str, chip: str) -> str:
        """The number that a board shall have, of which it has ``there`` already. NotTested: it can have none, or not this one."""
        given = self._scanned() if self.plan.number == SCAN else self._read(self.plan.number)
        if given and there and given != there:
            raise NotTested(f"the board says that it is {there}, and {given} was given: wrong board, or wrong label")
        number = there or given or self._drawn()
        if whose := self._whose(number, chip):
            how = "wrong label; or its chip was changed: then --again" if there or given else COUNTER_PUT_BACK
            raise NotTested(f"{number} is another board's, {whose}: {how}")
        return number

    def _read(self, text: str) -> str:
        """The number of a label, or the number itself; "" of nothing. BadInput: it is neither, or another board's label."""
        if not text.startswith("T:"):
            return serials.checked(text) if text else ""
        label = serials.scanned(text)
        if label.board != self.station.board:
            raise BadInput(
                f"the label is a {label.board}'s, this station tests {self.station.board}: wrong board, or wrong label"
            )
        return label.number

    def _scanned(self) -> str:
        """What is scanned next; a label that cannot be is told, and another one asked for."""
        for _ in range(SCANS):
            try:
                text = self.scan()
            except BadInput as error:
                raise NotTested(str(error)) from None
            try:
                if number := self._read(text):
                    return number
            except BadInput as error:
                self.notice(str(error))
        raise NotTested(f"{SCANS} times no label of a {self.station.board} was scanned")

    def _drawn(self) -> str:
        if self.station.counter_file is None:
            raise NotTested("no serial number: give --serial-no, or a counter file in the station's [serial]")
        try:
            return serials.draw(self.station.counter_file, self.station.prefix)
        except BadInput as error:
            raise NotTested(str(error)) from None

    def _whose(self, number: str, chip: str) -> str:
        """The chip to which the batch has given a number, and when, where that is not ``chip``; --again: never mind."""
        if not chip or self.plan.again or not self.plan.batch.exists():
            return ""
        for line in batch.read(self.plan.batch).boards:
            if line["serial"] == number and line.get("chip") and line["chip"] != chip:
                return f"chip {line['chip']}, {line['ended'].replace('T', ' ')}"
        return ""

    def _line(self, began: str, sheet: Sheet) -> dict[str, Any]:
        jig, outcome = sheet.jig, sheet.outcome()
        return {
            "serial": jig.number,
            "outcome": outcome,
            "said": str(sheet.ended or "") if outcome == "not tested" else "",
            "board": self.station.board,
            "hardware": self.station.hardware,
            "firmware": jig.firmware,
            "chip": jig.chip,
            "station": self.station.name,
            "began": began,
            "ended": datetime.datetime.now().isoformat(timespec="seconds"),
            "whole": self.plan.whole(),
            "warnings": [said for each in self.station.instruments() if (said := each.warning(jig.today))],
            "steps": [each.record() for each in sheet.results],
        }

    def _keep(self, line: dict[str, Any], junit: Path) -> None:
        """The batch file first: nothing is lost with a page. On a full disk its reserve is for the page, too."""
        batch.append(self.plan.batch, line)
        if line["chip"] and line["outcome"] != "not tested":
            self.done[line["chip"]] = line
        try:
            self._pages(line, junit)
        except BadInput:
            batch.give_up_reserve(self.plan.batch)
            try:
                self._pages(line, junit)
            except BadInput as error:
                self._tell(line, self.plan.batch)
                raise BadInput(f"{error}; the board's line is in {self.plan.batch}") from None

    def _pages(self, line: dict[str, Any], junit: Path) -> None:
        """Page, JUnit XML, and of a board that passed a label."""
        name = f"{line['serial'].replace('/', '_') or line['chip'] or 'nobody'}-{line['began'].replace(':', '')}"
        pages = self.plan.out / PAGES_FOLDER
        with contextlib.suppress(OSError):
            junit.replace(pages / f"{name}.xml")
        page.write(pages / f"{name}.html", page.board_page(line))
        page.write(self.plan.out / NOW, page.board_page(line, REFRESH_S))
        labelled = line["outcome"] == "pass" and line["whole"]
        if labelled:
            wanted = serials.Label(line["board"], line["hardware"], line["serial"], line["ended"][:7])
            page.write(pages / f"{name}.svg", label.svg(wanted, version()))
        self._tell(line, pages / f"{name}.html")
        if labelled:
            self.notice(f"label: {pages / name}.svg")

    def _tell(self, line: dict[str, Any], where: Path) -> None:
        for step in line["steps"]:
            if step["outcome"] == "fail" and line["outcome"] == "fail":
                self.notice(f"step {step['code']}, {step['title']}: {step['said']}")
                self.notice(f"    likely cause: {step['cause']}; look at: {step['look']}")
        if line["said"]:
            self.notice(line["said"])
        print(f"{page.word(line)}  {line['serial'] or 'no serial number'}  {where}", flush=True)

    def _show(self, outcome: str) -> None:
        """The screen above the station."""
        line = {"outcome": outcome, "serial": self.station.name, "whole": True, "warnings": [], "steps": []}
        page.write(self.plan.out / NOW, page.board_page(line, REFRESH_S))
