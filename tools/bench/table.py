"""A bench table: a chip, the firmware on it and the world around it, for tests and the simulator alike."""

from bench import analog, host
from bench import chip as chips
from bench.rms import RmsScan
from bench.world import World

DEFAULTS = {
    "board": "reference",
    "fidelity": "waveform",
    "breaker_ma": 25000,
    "phases": 1,
    "volts": 230,
    "hz": 50,
    "car_ma": 32000,
    "car_phases": 1,
    "plugged_ms": [[0, 1 << 40]],
    "need_mwh": None,
    "duration_ms": 1 << 40,
    "seed": 1,
}


class DeafPort:
    """A serial port that nobody is connected to."""

    def read(self):
        """No character."""
        return ""

    def write(self, text):
        """Nobody reads it."""


def settings_for(charger_module, scenario):
    """The settings an installer would make for this supply; ValueError with the firmware's own words."""
    settings = charger_module.Settings()
    for name, value in (
        ("breaker_ma", scenario["breaker_ma"]),
        ("charger_ma", max(scenario["car_ma"], 6000)),
        ("phases", scenario["car_phases"]),
        ("hz", scenario["hz"]),
        ("status_ms", scenario.get("status_ms", 0)),
    ):
        wrong = settings.set(name, str(value))
        if wrong:
            raise ValueError(wrong)
    return settings


class Table:
    """``tick`` runs the firmware's tick once; ``live`` runs it for a time. Scenario keys: see DEFAULTS."""

    def __init__(self, trace, port=None, **scenario):
        self.scenario = dict(DEFAULTS)
        self.scenario.update(scenario)
        self.module = host.load(self.scenario["board"])
        self.chip = chips.Chip(self.module.board.ADC_READ_US)
        chips.attach(self.chip)
        self.world = World(self.chip, self.module.board, self.scenario, trace)
        analog.wire(self.world)
        self.scan = RmsScan(self.chip, self.world) if self.scenario["fidelity"] == "rms" else None
        settings = settings_for(self.module, self.scenario)
        self.charger = self.module.Charger(settings, self.scan, port or DeafPort())

    def tick(self):
        """One tick of the firmware, with the CPU time that the board says it takes."""
        self.charger.tick()
        if self.scan is None:
            self.chip.advance(self.module.board.TICK_CPU_US)
        else:
            self.world.happen()

    def live(self, ms):
        """Tick until ``ms`` have passed; returns the verdict."""
        until_us = self.chip.us + ms * 1000
        while self.chip.us < until_us:
            self.tick()
        return self.charger.verdict
