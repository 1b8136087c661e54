"""`headroom console`: the charger's console with history, completion, colours and a gauge; or, from a pipe, as a script.

Ctrl-C is never sent: it clears the line, or stops an answer by the Esc key. Ctrl-D leaves.
"""

import os
import re
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import serial.tools.list_ports  # type: ignore[import-untyped]
import typer

from headroom_tools.common.errors import BadInput
from headroom_tools.device.console_link import ChargerRefused, Line, Link

REFUSED = 1
SECRET = re.compile(r"\W*(unlock|pin)", re.IGNORECASE)  # a line with a PIN in it, however it is typed
BAR = 12  # characters of the gauge's bar
REFRESH_S = 0.5
COMMENT = "#"
NOT_IN_FORCE = "not in force"  # how the charger tells what waits for save or undo
QUOTED = 60  # characters of a script's line in an error


def only_port() -> str:
    """Returns the one serial port that is there. BadInput when there is none, or a choice."""
    there = sorted(port.device for port in serial.tools.list_ports.comports())
    if len(there) != 1:
        found = ", ".join(there) or "none"
        raise BadInput(f"--port: say which serial port the charger is at; there are: {found}")
    return str(there[0])


class Vocabulary:
    """What may be typed, as the charger itself tells: commands, settings and the words of a choice."""

    def __init__(self, link: Link) -> None:
        told = [line["line"] for line in link.learn("help")]
        self.commands = dict(map(_split, told))
        self.after = {_split(line)[0]: _after(line) for line in told}
        self.settings: dict[str, Line] = {}
        self.sentences = dict(_split(line["line"]) for line in link.learn("help settings"))
        self.choices: dict[str, list[str]] = {}
        self.learn(link)
        for name, line in self.settings.items():
            if line["unit"] == "one of":
                said = [each["line"] for each in link.learn(f"help {name}")]
                words = [text.removeprefix("one of ").split(";")[0] for text in said if text.startswith("one of ")]
                self.choices[name] = words[0].split(", ") if words else []

    def learn(self, link: Link) -> None:
        """Read the settings' values again."""
        self.settings = {line["name"]: line for line in link.learn("get")}

    def complete(self, text: str) -> list[tuple[str, str]]:
        """Returns what the last word of ``text`` may become, each with a sentence on it."""
        typed = text.split(" ")
        found: dict[str, str] = {}
        if len(typed) == 1:
            found = self.commands
        elif len(typed) == 2 and typed[0] in ("get", "set", "help"):
            found = {name: self.sentences.get(name, "") for name in self.settings}
            if typed[0] == "help":
                found |= self.commands | {"settings": "all of them"}
        elif len(typed) == 2:
            found = dict.fromkeys(self.after.get(typed[0], []), "")
        elif len(typed) == 3 and typed[0] == "set":
            found = dict.fromkeys(self.choices.get(typed[1], []), "")
        return [(name, said) for name, said in found.items() if name.startswith(typed[-1])]


def _split(line: str) -> tuple[str, str]:
    name, _, rest = line.partition(" ")
    return name, " ".join(rest.split())


def _after(line: str) -> list[str]:
    """Returns the words that may follow a command, from its line in help: it has them in brackets, or before two spaces."""
    rest = line.partition(" ")[2].strip()
    choices = rest[1:].partition("]")[0] if rest.startswith("[") else rest.partition("  ")[0]
    return [word for word in choices.split(" | ") if word.isalpha() and word.islower()]


def gauge(status: Line, settings: dict[str, Line]) -> Any:
    """Returns the status line as styled pieces: supply, what is free of the breaker's rating, offer, state."""
    if not status:
        return [("", "waiting for the charger's status")]
    phases = settings.get("phases", {}).get("value", 3)
    rated_ma = settings.get("breaker_ma", {}).get("value", 0)
    supply_ma = status["grid_ma"]
    while (
        len(supply_ma) > phases and not supply_ma[-1]
    ):  # no clamp there; one that reads something is shown whatever is set
        supply_ma = supply_ma[:-1]
    free_ma = rated_ma - max(supply_ma)
    used = min(BAR, max(0, round(BAR * max(supply_ma) / rated_ma))) if rated_ma else 0
    if not status["grid_ok"]:
        supply = [("class:bad", "supply not known")]
    else:
        amps = " ".join(f"{ma / 1000:.1f}" for ma in supply_ma)
        tone = "class:bad" if free_ma < 0 else "class:good"
        room = f" {abs(free_ma) / 1000:.1f} A {'free' if free_ma >= 0 else 'too much'}"
        supply = [("", f"supply {amps} A  "), (tone, "#" * used + "." * (BAR - used) + room)]
    state = ("class:bad", f"fault: {status['fault']}") if status["fault"] else ("", status["session"])
    closed = "closed" if status["closed"] else "open"
    offer = ("", f"  offer {status['offer_ma'] / 1000:.1f} A  {status['pilot']} {closed}  ")
    wrong = [("class:bad", f"; {clause}") for clause in status.get("contrary", ())]
    return [*supply, offer, state, ("", f": {status['why']}"), *wrong]


def script(link: Link, lines: Iterable[str]) -> None:
    """Asks line after line and prints the answers, passing over those that begin with #.

    Stops at the first that is refused, or not answered.

    ChargerRefused and BadInput name the line by its number and its words, without a PIN.
    """
    for number, text in enumerate(map(plain, lines), 1):
        if not text or text.startswith(COMMENT):
            continue
        try:
            for line in link.ask(text):
                print(line["line"], flush=True)
        except ChargerRefused as error:
            raise ChargerRefused(f"line {number}, {quoted(text)}, refused: {error}{waiting(link)}") from None
        except BadInput as error:
            raise BadInput(f"line {number}, {quoted(text)}: {error}") from None


def plain(line: str) -> str:
    """Returns a line without what nobody sees in it: an editor's byte order mark, and spaces that do not break."""
    return " ".join(line.removeprefix("\ufeff").split())


def waiting(link: Link) -> str:
    """Returns what to add to a script's error: what is set and not saved, and what to do about it."""
    told = [line["notice"] for line in link.ask("why") if line.get("notice", "").startswith(NOT_IN_FORCE)]
    return "".join(f"; {line}" for line in told)


def quoted(text: str) -> str:
    """Returns a line of a script as an error shows it: in quotes, on one line, not endless, without a PIN."""
    if found := SECRET.match(text):
        return f"'{found[1]} ...'"
    return repr(text if len(text) <= QUOTED else text[:QUOTED] + "...")


class Talk:
    """A person at the terminal."""

    def __init__(self, link: Link) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.layout.processors import ConditionalProcessor, PasswordProcessor
        from prompt_toolkit.styles import Style

        self.link = link
        self.words = Vocabulary(link)
        completer = _completer(self.words)
        self.session: PromptSession[str] = PromptSession(
            history=_history(),
            completer=completer,
            key_bindings=_tab(completer),
            complete_while_typing=False,
            bottom_toolbar=lambda: gauge(link.status, self.words.settings),
            refresh_interval=REFRESH_S,
            style=Style.from_dict({"bottom-toolbar": "noreverse", "good": "ansigreen", "bad": "bold ansired"}),
            input_processors=[
                ConditionalProcessor(PasswordProcessor(), Condition(self.secret)),
            ],
        )
        link.told = lambda text: self.say(text, "class:dim")
        link.lost = self.leave

    def secret(self) -> bool:
        """True while a line with a PIN is typed: it is shown as stars."""
        return SECRET.match(self.session.default_buffer.text) is not None

    def say(self, text: str, style: str = "") -> None:
        """Print a line above the prompt."""
        from prompt_toolkit import print_formatted_text
        from prompt_toolkit.formatted_text import FormattedText
        from prompt_toolkit.styles import Style

        print_formatted_text(
            FormattedText([(style, text)]),
            style=Style.from_dict({"dim": "ansibrightblack", "bad": "ansired", "note": "ansiyellow"}),
        )

    def leave(self, why: BadInput) -> None:
        """End the prompt: the device is gone. Called from the reader's thread."""
        app = self.session.app
        if app.is_running and app.loop is not None:
            app.loop.call_soon_threadsafe(lambda: app.exit(exception=why))

    def run(self) -> None:
        """Until Ctrl-D, or until the charger steps aside."""
        from prompt_toolkit.patch_stdout import patch_stdout

        self.say(
            "Tab completes, Ctrl-D leaves; Ctrl-C stops an answer or clears the line, and never stops the charger.",
            "class:dim",
        )
        with patch_stdout():
            while not self.link.aside:
                try:
                    text = self.session.prompt("> ").strip()
                except KeyboardInterrupt:
                    continue
                except EOFError:
                    return
                if self.link.gone is not None:
                    raise self.link.gone
                lines = [plain(line) for line in text.splitlines()]  # several: they were pasted
                lines = [line for line in lines if line and not line.startswith(COMMENT)]
                while lines and self.answer(lines.pop(0)):
                    pass
                if lines:
                    self.say(f"not sent: {len(lines)} more, from {quoted(lines[0])}", "class:bad")

    def answer(self, text: str) -> bool:
        """Ask, and print what comes; False when it was refused or interrupted."""
        try:
            for line in self.link.ask(text):
                self.say(line["line"], "class:note" if "notice" in line else "")
            if text.startswith("save"):
                self.words.learn(self.link)
        except ChargerRefused as refused:
            self.say(str(refused), "class:bad")
            return False
        except KeyboardInterrupt:
            self.link.stop()
            self.say("stopped; what was done until then is not taken back", "class:dim")
            return False
        return True


def _history() -> Any:
    """The lines of earlier sessions, without those that hold a PIN."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    class History(FileHistory):
        def store_string(self, string: str) -> None:
            if not SECRET.match(string):
                super().store_string(string)

    folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "headroom"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "console_history").touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return History(folder / "console_history")


def _completer(words: Vocabulary) -> Any:
    from prompt_toolkit.completion import Completer, Completion

    class Words(Completer):
        def get_completions(self, document: Any, complete_event: Any) -> Iterable[Completion]:
            text = document.text_before_cursor.lstrip()
            start = -len(text.rpartition(" ")[2])
            for word, said in words.complete(text):
                yield Completion(word, start, display_meta=said)

    return Words()


def _tab(completer: Any) -> Any:
    """Tab completes at once. prompt_toolkit's own does so in a task: what is typed meanwhile overtakes it, and it is lost."""
    from prompt_toolkit.completion import CompleteEvent, get_common_complete_suffix
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("tab")
    def complete(event: Any) -> None:
        buffer = event.current_buffer
        found = list(completer.get_completions(buffer.document, CompleteEvent(completion_requested=True)))
        common = get_common_complete_suffix(buffer.document, found)
        if buffer.complete_state:
            buffer.complete_next()
        elif common:
            buffer.insert_text(common)
        elif len(found) > 1:
            buffer.start_completion()

    return keys


def leave_with_the_terminal(_number: int, _frame: object) -> NoReturn:
    """A closed window ends the console as a request to terminate does: the charger gets its plain words back."""
    sys.exit(128 + signal.SIGHUP)


def console(
    port: Annotated[
        str | None, typer.Option(help="Serial port; not needed where there is only one.", metavar="PORT")
    ] = None,
) -> None:
    """The charger's console with history, completion and a gauge. From a pipe: echo status | headroom console --port PORT.

    Ctrl-C is never sent to the charger. A script ends at the first line that is refused, which is named by its number;
    what it set before and did not save waits for save or undo. Lines that begin with # are passed over.

    Exit status: 0; 1 if the charger refused a line of a script; 2 if the port cannot be used or the device went away.
    """
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # else: nohup
        signal.signal(signal.SIGHUP, leave_with_the_terminal)
    name = port or only_port()
    with Link(name) as link:
        try:
            if sys.stdin.isatty():
                signal.signal(signal.SIGINT, signal.default_int_handler)
                Talk(link).run()
                return
            sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
            script(link, sys.stdin)
        except ChargerRefused as refused:
            sys.stderr.write(f"headroom: {name}: {refused}\n")
            raise typer.Exit(REFUSED) from None
