"""A bench table: a chip, the firmware on it and the world around it, for tests and the simulator alike."""

from bench import host, installer, metered, rivals
from bench.chip import chip as chips
from bench.chip import ports
from bench.chip.nor import RamFiles
from bench.cpu import Cpu
from bench.rms import RmsScan
from bench.world import analog
from bench.world.world import LINE_MOHM, World

# What a run is told unless it says otherwise. settings: staged as they are; told: lines for the console, with where each is from
DEFAULTS = {
    "board": "reference",
    "fidelity": "waveform",
    "breaker_ma": 25000,
    "phases": 1,
    "volts": 230,
    "hz": 50,
    "car_ma": 32000,
    "car_phases": 1,
    "car": "plain",
    "law": "headroom",
    "settings": {},
    "told": (),
    "wiring": (0, 1, 2),
    "between": False,
    "line_mohm": LINE_MOHM,
    "roof": False,
    "each": False,
    "plugged_ms": [[0, 1 << 40]],
    "need_mwh": None,
    "duration_ms": 1 << 40,
    "seed": 1,
    "micropython": ports.NEWEST,
    "meter": metered.CLAMPS,  # whose readings govern: a name of metered.NAMES
    "price_percent": 100,  # of what the board says that the CPU takes
}


class DeafPort:
    """A serial port that nobody is connected to."""

    def read(self):
        """No byte."""
        return -1

    def ready(self):
        """It takes everything."""
        return True

    def write(self, data):
        """Nobody reads it."""


def set_up(module, scenario):
    """Files that hold the settings which an installer would have saved for this supply."""
    meter = scenario.get("meter", metered.CLAMPS)
    settings = module.Settings(module.CEILINGS, None, module.PARTS if meter == metered.CLAMPS else None)
    for name, value in (
        ("breaker_ma", scenario["breaker_ma"]),
        ("charger_ma", max(scenario["car_ma"], 6000)),
        ("phases", scenario["car_phases"]),
        ("hz", scenario["hz"]),
        ("status_ms", scenario.get("status_ms", 0)),
    ) + tuple(sorted(scenario["settings"].items()) + sorted(metered.settings(meter).items())):
        settings.stage(name, str(min(value, settings.ceilings.get(name, value))))
    settings.save()
    files = RamFiles()
    store = module.Store(files)
    store.put("settings", settings.pack(), 2)
    while store.busy():
        store.step(0)
    return files


def in_turn(tables, ms):
    """Those on one line, until ``ms`` have passed for all: again and again the one whose clock is behind, which may tick."""
    until_us = max([table.chip.us for table in tables]) + ms * 1000
    while True:
        table = min(tables, key=lambda each: each.chip.us)
        if table.chip.us >= until_us:
            return
        chips.attach(table.chip)
        yield table


class Table:
    """``tick`` runs the firmware's tick once; ``live`` runs it for a time. Scenario keys: see DEFAULTS."""

    def __init__(self, trace, port=None, files=None, module=None, bus=None, mac=None, world=None, **scenario):
        self.scenario = dict(DEFAULTS)
        self.scenario.update(scenario)
        self.module = module or host.load(self.scenario["board"])
        board = self.module.board
        self.chip = chips.Chip(board.ADC_READ_US, board.ADC_SAMPLE_US, self.scenario["micropython"])
        if mac is not None:
            self.chip.mac = mac
        chips.attach(self.chip)
        self.bus = bus
        self.world = world(self.chip, board) if world else World(self.chip, board, self.scenario, trace)
        if files is not None:  # what was set up in them, nobody told
            self.world.judge.installed_ma = self.module.board.MAX_OFFER_MA
        analog.wire(self.world)
        self.scan = RmsScan(self.chip, self.world) if self.scenario["fidelity"] == "rms" else None
        self.meter = metered.wire(self, self.scenario["meter"]) if self.scenario["meter"] != metered.CLAMPS else None
        self.files = files or set_up(self.module, self.scenario)
        self.port = port or DeafPort()
        host.load(self.scenario["board"], "boot", fresh=False)
        metered.port(self.module, self.scenario["meter"])
        self.restart()
        self._install()
        self.rival = rivals.make(self.scenario["law"], self.charger.limits, self.world)
        if self.rival is not None:
            self.charger.law = self.rival
            self.charger.guard.last_resort = rivals.NoLastResort()

    def reset(self, kind):
        """The chip is reset, and begins anew."""
        self.chip.hard_reset(kind)
        self.chip.revive()
        host.load(self.scenario["board"], "boot", fresh=False)
        self.restart()

    def restart(self):
        """The firmware begins anew, as main.py does it after a reset and boot.py."""
        self.charger = self.module.Charger(self.scan, self.port, self.module.Store(self.files), self.bus)
        self.cpu = (
            Cpu(self.chip, self.charger, self.module.board, self.scenario["price_percent"])
            if self.scan is None
            else None
        )

    def _install(self):
        """Let the installer say what the scenario has for the console; the mains' frequency counts from a restart on."""
        if not self.scenario["told"]:
            return
        hz = self.charger.settings.get("hz")
        installer.install(self.charger, self.scenario["told"])
        values = self.charger.settings.values
        self.world.judge.set_up_as(values["charger_ma"], values["mains_v"])
        if values["hz"] != hz:
            self.restart()

    def tick(self):
        """One tick of the firmware, with the CPU time that the board says it takes."""
        self.charger.tick()
        if self.scan is not None:
            self.world.happen()

    def live(self, ms):
        """Tick until ``ms`` have passed; returns the verdict."""
        until_us = self.chip.us + ms * 1000
        while self.chip.us < until_us:
            self.tick()
        return self.charger.verdict

    def press(self, *spans_ms):
        """A finger on the button: ms pressed and ms apart in turn; then until a press is known to be the last."""
        pin = self.module.board.BUTTON_PIN
        for place, ms in enumerate(spans_ms):
            self.chip.levels[pin] = place % 2
            self.live(ms)
        self.chip.levels[pin] = 1
        self.live(700)

    def live_by_seconds(self, ms):
        """The same at rms fidelity, where nobody looks at what happens within a second."""
        step_ms, self.scan.step_ms = self.scan.step_ms, 1000
        self.live(ms)
        self.scan.step_ms = step_ms
