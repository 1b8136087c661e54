"""A meter on the car's own line, played by a pymodbus server: ``usage``, ``sessions`` and a manager count what is billed."""

import struct

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from bench.world.bus import Line

from host_tests.sense.meters.served import Served
from host_tests.serve.test_sessions import told

VOLTS, NOMINAL_V = 241, 230  # so what is billed is more than what the charger would reckon
START_WH = 1_234_567
NEED_WH, CHARGE_MS, LATER_MS = 100, 75_000, 20_000
MWMS_PER_WH = 3_600_000_000


class Billing:
    """An SDM630 on the car's line: it integrates what the bench's car draws at the bench's voltage."""

    def __init__(self):
        self.table = None
        self.mwms = self.seen_ms = 0

    def watch(self):
        world = self.table.world
        self.mwms += self.drawn_ma() * VOLTS * 3 * (world.t_ms - self.seen_ms)
        self.seen_ms = world.t_ms

    def drawn_ma(self):
        return self.table.world.car.drawn_ma

    def wh(self):
        return self.mwms // MWMS_PER_WH

    async def action(self, _code, start, _address, _count, registers, _values):
        amps = self.drawn_ma() / 1000
        told = {0: [VOLTS] * 3, 6: [amps] * 3, 12: [amps * VOLTS] * 3, 72: [(START_WH + self.wh()) / 1000]}
        for first, values in told.items():
            data = b"".join(struct.pack(">f", value) for value in values)
            for at in range(len(data) // 2):
                if 0 <= first + at - start < len(registers):
                    registers[first + at - start] = data[2 * at] << 8 | data[2 * at + 1]


@pytest.fixture(scope="module")
def charged():
    billing = Billing()
    registers = dict.fromkeys([*range(18), 72, 73], 0)
    with Served(registers, action=billing.action) as server:
        terminal = Terminal()
        table = Table(
            ((0, 0, 0, 0),),
            port=terminal,
            fidelity="rms",
            breaker_ma=40000,
            phases=3,
            car_phases=3,
            volts=VOLTS,
            plugged_ms=[[2000, CHARGE_MS + LATER_MS // 2]],
            need_mwh=NEED_WH * 1000,
            settings={"bus": "meter", "meter": "sdm630", "meter_role": "car", "mains_v": NOMINAL_V},
        )
        billing.table = table
        line, board = Line(2), table.module.board
        line.wire(table.chip, board.RS485_RX_PIN, "charger", board.RS485_DE_PIN)
        server.on(line, 9600, 0)
        while table.world.t_ms < CHARGE_MS + LATER_MS:
            table.tick()
            billing.watch()
        yield table, billing, terminal


def test_the_car_energy_is_what_the_register_went_on_by(charged):
    table, billing, _ = charged
    assert billing.wh() >= NEED_WH - 1
    assert abs(table.charger.energy.car_wh() - billing.wh()) <= 1
    reckoned = billing.wh() * NOMINAL_V / VOLTS
    assert billing.wh() - reckoned > 3  # by current and nominal voltage it would have been so much less


def test_its_current_is_the_cars(charged):
    table, _, _ = charged
    assert table.charger.readings.car_ok
    assert table.charger.readings.car_ma == 0


def test_sessions_and_usage_count_by_it(charged):
    table, billing, terminal = charged
    (row,) = told(table, terminal)
    assert row["ended"] == "the car stopped by itself"
    assert abs(int(row["wh"]) - billing.wh()) <= 1
    assert int(row["wh"]) == table.charger.energy.car_wh()
    assert "the car's part is measured" in terminal.ask(table, "usage")
    assert table.charger.service.energy_store.energy.car_wh() == table.charger.energy.car_wh()
