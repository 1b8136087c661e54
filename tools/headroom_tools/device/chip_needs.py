"""What the promises need of a chip, beside what was measured on it: one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.chip.chip import BOOT_MS

from headroom_tools.boards.board import Board

Figures = dict[str, Any]
Checked = tuple[str, str, bool | None]  # what was measured, what is needed, whether it is met; None: nothing is needed

PASS, MISS, TOLD = "PASS", "MISS", ""
BUSY_MAX_US = 15000  # firmware/headroom/guard/causes.py: a tick's arithmetic, else it is a fault
TICK_MAX_US = 60000  # firmware/headroom/act/watchdog.py: scan, arithmetic and a collection
STALL_MAX_US = 400000 - TICK_MAX_US  # a supervisor or the overseer opens after 400 ms without a tick
KEPT_KB, FREE_KB, BLOCK_KB = 95, 60, 16  # aims, tools/headroom_tools/measure/heap_cost.py
RING_BYTES = 250  # the longest request of headroom console
CALLS = 28  # twice the deepest chain of calls seen on the bench: 12 from the tick on, for `status` in JSON, and main.py and run
PERIODS_TENTH_US = (9984, 10016)  # firmware/headroom/sense/plateau.py: what LEDC's divider makes of 1 kHz
ROUNDS_PERCENT = 66  # of what the conversions alone would allow in 20 ms: chosen, a third is left for the loop
HOLE_US = 300  # firmware/headroom/sense/scan.py: a round that took so much longer is a hole
PARTS = ("look", "scan", "law", "guard", "act", "energy", "serve")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    measured: str
    needed: str
    met: bool | None

    @property
    def word(self) -> str:
        """PASS, MISS or nothing."""
        return TOLD if self.met is None else PASS if self.met else MISS


def percentile(figures: list[int], percent: int) -> int:
    """The least figure that so many of a hundred do not pass."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def spread(figures: list[int]) -> str:
    """Median, 99th percentile and worst."""
    return f"p50 {percentile(figures, 50)}, p99 {percentile(figures, 99)}, worst {max(figures)} us"


def prices(found: Figures) -> tuple[int, ...]:
    """TICK_CPU_US of this chip: 99th percentiles; what act takes counts with the guard, whose verdict it carries out."""
    part = {name: percentile(found["tick_" + name], 99) for name in PARTS}
    return tuple(
        max(us, 1)
        for us in (
            part["look"],
            part["scan"] - part["look"],
            part["law"],
            part["guard"] + part["act"],
            part["energy"],
            part["serve"],
            percentile(found["collection_us"], 99),
        )
    )


def read_us(found: Figures) -> int:
    """ADC_READ_US of this chip."""
    return percentile(found["conversion_us"], 50)


def _version(found: Figures, _: Board) -> Checked:
    text = ".".join(map(str, found["micropython"]))
    return text, "1.23 or later", tuple(found["micropython"]) >= (1, 23)


def _clock(found: Figures, board: Board) -> Checked:
    mhz, wanted = found["cpu_hz"] // 1000000, board["CPU_HZ"] // 1000000
    return f"{mhz} MHz, {found['port_hz'] // 1000000} at the start", f"{wanted} MHz", mhz == wanted


def _conversion(found: Figures, board: Board) -> Checked:
    us, said = read_us(found), board["ADC_READ_US"]
    return (
        spread(found["conversion_us"]),
        f"{said * 2 // 3} to {said}, the board's ADC_READ_US",
        said * 2 // 3 <= us <= said,
    )


def _jitter(found: Figures, _: Board) -> Checked:
    later = percentile(found["conversion_us"], 99) - read_us(found)
    return f"{later} us later than usual, p99", f"below {HOLE_US}: else windows have holes", later < HOLE_US


def _rounds(found: Figures, board: Board) -> Checked:
    channels = len(board["CT_PINS"]) + (board["CAR_CT_PIN"] is not None) + (board["VOLTAGE_PIN"] is not None)
    least = 20000 * ROUNDS_PERCENT // 100 // (channels * board["ADC_READ_US"])
    return str(found["rounds"]), f"{least} or more: the waveform's corners", found["rounds"] >= least


def _whole(found: Figures, _: Board) -> Checked:
    said = spread(found["tick_whole"]) + ("" if found["charging"] else f", not charging: {found['state']}")
    return said, f"worst {TICK_MAX_US}", max(found["tick_whole"]) <= TICK_MAX_US and found["charging"]


def _arithmetic(found: Figures, _: Board) -> Checked:
    us = sum(percentile(found["tick_" + name], 50) for name in PARTS[1:])
    return f"{us} us", f"{BUSY_MAX_US}, else the charger is too slow", us <= BUSY_MAX_US


def _part(name: str) -> Callable[[Figures, Board], Checked]:
    return lambda found, _: (spread(found["tick_" + name]), "", None)


def _collection(found: Figures, _: Board) -> Checked:
    room = TICK_MAX_US - percentile(found["tick_whole"], 50)
    return spread(found["collection_us"]), f"{room}: what a tick leaves", max(found["collection_us"]) <= room


def _kb(found: Figures, name: str) -> str:
    return f"{found[name] / 1000:.1f} kB"


def _kept(found: Figures, _: Board) -> Checked:
    return _kb(found, "heap_kept"), f"at most {KEPT_KB} kB", found["heap_kept"] <= KEPT_KB * 1000


def _lowest(found: Figures, _: Board) -> Checked:
    said = f"{_kb(found, 'heap_free')} ready, {_kb(found, 'heap_lowest')} after a tick"
    return said, f"{FREE_KB} kB", found["heap_lowest"] >= FREE_KB * 1000


def _block(found: Figures, _: Board) -> Checked:
    return _kb(found, "heap_largest"), f"{BLOCK_KB} kB", found["heap_largest"] >= BLOCK_KB * 1000


def _flash(found: Figures, _: Board) -> Checked:
    return (
        spread(found["flash_us"]),
        f"worst {STALL_MAX_US}, before the supervisor opens",
        max(found["flash_us"]) <= STALL_MAX_US,
    )


def _safe(found: Figures, board: Board) -> Checked:
    ms = found["safe_ms"]
    supervised = board["SUPERVISOR_PIN"] is not None
    return (
        f"{ms} ms after machine.reset()",
        "any: a supervisor opens before" if supervised else f"{BOOT_MS}",
        supervised or ms <= BOOT_MS,
    )


def _ready(found: Figures, _: Board) -> Checked:
    return f"{found['ready_ms']} ms after machine.reset()", "", None


def _period(found: Figures, _: Board) -> Checked:
    tenths = found["pwm_period_tenth_us"]
    return f"{tenths / 10:.1f} us, PWM.freq() {found['pwm_hz']}", "998.4 or 1001.6 us", tenths in PERIODS_TENTH_US


def _read_back(found: Figures, board: Board) -> Checked:
    pin = board["PILOT_PWM_PIN"]
    seen = not found["pwm_unread"]
    return f"GPIO{pin} {'shows' if seen else 'shows no'} edges", "edges: the pilot's samples are placed by them", seen


def _reset(kind: str) -> Callable[[Figures, Board], Checked]:
    def told(found: Figures, _: Board) -> Checked:
        kept = found.get("reset_" + kind)
        if kept is None:
            return "not measured: no pin of this chip is free", "", None
        words = "a driven pin stays as it was until boot.py" if kept else "a driven pin is let go"
        return f"{words}; reset_cause {found['cause_' + kind]}", "", None

    return told


def _heard(found: Figures, _: Board) -> Checked:
    lost = found["uart_sent"] - found["uart_heard"]
    return f"{lost} of {found['uart_sent']} bytes lost, lines of 250 at 115200", "0", lost == 0


def _ring(found: Figures, _: Board) -> Checked:
    return f"{found['uart_ring']} bytes", f"{RING_BYTES}: a request of the console", found["uart_ring"] >= RING_BYTES


def _stack(found: Figures, _: Board) -> Checked:
    return (
        f"{found['stack_calls']} calls in one another",
        f"{CALLS}, the firmware's deepest twice",
        found["stack_calls"] >= CALLS,
    )


ROWS: tuple[tuple[str, Callable[[Figures, Board], Checked]], ...] = (
    ("MicroPython", _version),
    ("clock of the CPU", _clock),
    ("one conversion", _conversion),
    ("its spread", _jitter),
    ("rounds in a window", _rounds),
    ("a tick, whole", _whole),
    ("arithmetic of a tick", _arithmetic),
    *((f"of it {name}", _part(name)) for name in PARTS),
    ("a collection", _collection),
    ("heap kept", _kept),
    ("heap free", _lowest),
    ("largest free block", _block),
    ("a call of the flash", _flash),
    ("reset to outputs safe", _safe),
    ("reset to ready", _ready),
    ("pilot's period", _period),
    ("pilot's read-back", _read_back),
    ("soft reset (Ctrl-D)", _reset("soft")),
    ("machine.reset()", _reset("reset")),
    ("watchdog", _reset("watchdog")),
    ("panic", _reset("panic")),
    ("serial port, paced", _heard),
    ("receive ring", _ring),
    ("stack", _stack),
)
BY_HAND = "not measured, a hand is needed: brown-out, power cut, ADC_SAMPLE_US"


def table(found: Figures, board: Board) -> list[Row]:
    """Every row."""
    return [Row(name, *check(found, board)) for name, check in ROWS]
