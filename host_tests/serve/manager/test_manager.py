"""The manager's port, asked by a real pymodbus client: our own map, EVSE-DIN's registers, and a limit that ends by itself."""

import struct

import pytest
from bench.chip import chip as chips
from bench.table import Table
from bench.world.bus import Line
from bench.world.meters import crc
from headroom.serve.manager import registers, server
from headroom.terms import reasons
from pymodbus.client import ModbusSerialClient
from pymodbus.framer import FramerType

from host_tests.serve.manager.bridge import Bridge

OWN, EVSE = 101, 1


class Desk:
    """A charger whose RS-485 port a manager has; a car charges."""

    def __init__(self, **settings):
        self.line = Line(4)
        self.table = Table([(0, 3000, 0, 0)], fidelity="rms", breaker_ma=25000)
        table = self.table
        board = table.module.board
        self.line.wire(table.chip, board.RS485_RX_PIN, "charger", board.RS485_DE_PIN)
        for name, value in {"bus": "manager", **settings}.items():
            table.charger.settings.stage(name, str(value))
        table.charger.settings.save()
        table.charger.apply_settings()
        table.live(90000)

    @property
    def verdict(self):
        return self.table.charger.verdict

    def asked(self, *tasks):
        """What a pymodbus client gets for each of ``tasks``, functions of a client."""
        with Bridge(self.table, self.line, 9600) as bridge:

            def work():
                client = ModbusSerialClient(bridge.path, framer=FramerType.RTU, baudrate=9600, timeout=20, retries=0)
                assert client.connect()
                try:
                    return [task(client) for task in tasks]
                finally:
                    client.close()

            return bridge.run(work)


def own(client):
    return client.read_input_registers(0, count=registers.total(), device_id=OWN)


def limit(da):
    return lambda client: client.write_register(registers.LIMIT, da, device_id=OWN)


def numbers(answer):
    """{name: number} of our own map."""
    found, at = {}, 0
    for words, name, _, _ in registers.ROWS:
        value = answer.registers[at] if words == 1 else answer.registers[at] << 16 | answer.registers[at + 1]
        at += words
        sign = 1 << 16 * words - 1
        found[name] = (value ^ sign) - sign if words == 2 or name == "temperature" else value
    return found


def test_the_server_and_the_table_have_the_same_registers():
    assert registers.total() == server.REGISTERS
    assert (server.LIMIT, server.PAUSED) == (registers.LIMIT, registers.PAUSED)
    assert registers.place("limit") == registers.LIMIT
    assert registers.place("paused") == registers.PAUSED


def test_the_map_says_what_the_charger_does():
    desk = Desk(remote_safe_ma=32000)
    found = numbers(desk.asked(own)[0])
    charger = desk.table.charger
    assert found["map_version"] == registers.VERSION
    assert found["pilot_state"] == charger.verdict.pilot_state == 3
    assert found["closed"] == 1
    assert found["fault"] == found["doubt"] == found["age"] == 0
    assert found["offered"] == charger.verdict.offer_ma > 6000
    assert abs(found["supply_l1"] - charger.readings.grid_ma[0]) < 200, "some ticks later"
    assert abs(found["supply_l2"] - charger.readings.grid_ma[1]) < 200
    assert found["car"] == -(1 << 31)  # no clamp of its own: not known
    assert abs(found["supply_energy"] - charger.energy.supply_wh()) <= 1
    assert found["temperature"] == charger.readings.temperature_c
    assert (found["min"], found["max"]) == (60, 320)
    assert (found["hold"], found["safe"]) == (60, 320)
    assert found["left"] == 0


def test_holding_and_input_registers_are_the_same():
    desk = Desk()
    one, other = desk.asked(own, lambda client: client.read_holding_registers(0, count=10, device_id=OWN))
    assert other.registers[:3] == one.registers[:3]


def test_until_the_manager_speaks_the_safe_current_is_in_force_and_why_says_so():
    desk = Desk(remote_safe_ma=8000)
    assert desk.verdict.offer_ma == 8000
    assert desk.verdict.reason == reasons.REMOTE_LOST


def test_a_limit_is_in_force_within_a_tick_or_two_and_ends_by_itself():
    desk = Desk()
    answers = desk.asked(limit(100))
    assert not answers[0].isError()
    desk.table.live(10000)
    assert desk.verdict.offer_ma == 10000
    assert desk.verdict.reason == reasons.REMOTE
    desk.table.live(45000)
    assert desk.verdict.offer_ma == 10000
    desk.table.live(10000)
    assert desk.verdict.offer_ma == 6000
    assert desk.verdict.reason == reasons.REMOTE_LOST


def test_a_manager_that_only_reads_does_not_lift_the_safe_current():
    desk = Desk()
    for _ in range(4):
        desk.asked(own)
        desk.table.live(10000)
    assert desk.verdict.offer_ma == 6000


def test_reading_is_a_sign_of_life():
    desk = Desk()
    desk.asked(limit(100))
    for _ in range(4):
        desk.table.live(40000)
        desk.asked(own)
    assert desk.verdict.offer_ma == 10000


def test_a_limit_never_lifts_what_the_house_leaves():
    desk = Desk()
    desk.asked(limit(320))
    desk.table.live(40000)
    assert desk.verdict.offer_ma <= 22000


def test_below_the_cars_minimum_it_pauses_and_no_limit_at_all_lets_it_go_on():
    desk = Desk()
    desk.asked(limit(50))
    desk.table.live(10000)
    assert not desk.verdict.closed
    for _ in range(5):
        desk.asked(limit(registers.NO_LIMIT_DA))
        desk.table.live(30000)
    assert desk.verdict.closed
    assert desk.verdict.offer_ma > 15000


def pause(wanted):
    return lambda client: client.write_register(registers.PAUSED, wanted, device_id=OWN)


def test_pause_and_resume():
    desk = Desk()
    desk.asked(pause(1))
    desk.table.live(10000)
    assert desk.verdict.offer_ma == 0
    assert desk.verdict.reason == reasons.REMOTE
    assert numbers(desk.asked(own)[0])["paused"] == 1
    desk.asked(pause(0))
    desk.table.live(1000)
    assert not numbers(desk.asked(own)[0])["paused"]


def test_a_managers_pause_ends_by_itself_like_its_limit_so_that_a_dead_one_strands_no_car():
    desk = Desk(remote_hold_ms=30000, remote_safe_ma=8000)
    desk.asked(limit(200), pause(1))
    desk.table.live(20000)
    assert desk.verdict.offer_ma == 0
    desk.table.live(120000)
    assert desk.verdict.closed
    assert desk.verdict.offer_ma == 8000


def test_a_manager_neither_undoes_what_a_person_did_at_the_button_nor_fills_the_log_with_it():
    desk = Desk()
    guard = desk.table.charger.guard
    desk.table.charger.hold(True)
    for _ in range(3):
        desk.asked(pause(0))
        desk.table.live(1000)
    assert desk.table.charger.held()
    assert numbers(desk.asked(own)[0])["paused"] == 1
    noted = list(guard.events.ring)
    for _ in range(3):
        desk.table.charger.hold(True)
    assert list(guard.events.ring) == noted, "nothing changed"


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (lambda c: c.read_input_registers(registers.total(), count=1, device_id=OWN), 2),
        (lambda c: c.read_input_registers(0, count=registers.total() + 1, device_id=OWN), 2),
        (lambda c: c.write_register(0, 1, device_id=OWN), 2),
        (lambda c: c.write_register(registers.PAUSED, 2, device_id=OWN), 3),
        (lambda c: c.read_coils(0, count=1, device_id=OWN), 1),
        (lambda c: c.read_holding_registers(1007, count=1, device_id=EVSE), 2),
        (lambda c: c.write_register(1002, 1, device_id=EVSE), 2),
    ],
)
def test_what_is_not_there_is_refused_with_its_code(task, code):
    answer = Desk().asked(task)[0]
    assert answer.isError()
    assert answer.exception_code == code


def test_nothing_is_half_applied():
    desk = Desk()
    answer = desk.asked(lambda c: c.write_registers(registers.LIMIT, [80, 7], device_id=OWN))[0]
    assert answer.isError()
    assert numbers(desk.asked(own)[0])["limit"] == registers.NO_LIMIT_DA


def test_evse_din_as_evcc_speaks_to_it():
    desk = Desk()

    def read(register, count=1):
        return lambda c: c.read_holding_registers(register, count=count, device_id=EVSE).registers

    firmware, config, state, now = desk.asked(read(1005), read(2005), read(1000, 3), read(1001))
    assert firmware[0] >= 17  # so evcc turns the hundredths on
    assert config == [0]
    assert state[2] == 3
    assert now == [6]
    set_fine = desk.asked(lambda c: c.write_registers(2005, [0x80], device_id=EVSE))[0]
    assert not set_fine.isError()
    desk.asked(lambda c: c.write_registers(1000, [1234], device_id=EVSE))
    desk.table.live(10000)
    assert 12300 <= desk.verdict.offer_ma <= 12340
    assert desk.asked(read(1000), read(1001)) == [[1234], [desk.verdict.offer_ma // 10]]
    desk.asked(lambda c: c.write_registers(1000, [0], device_id=EVSE))
    desk.table.live(10000)
    assert not desk.verdict.closed


def test_a_charger_that_restarts_takes_hundredths_for_what_they_are_though_nobody_sets_them_anew():
    desk = Desk()
    desk.asked(lambda c: c.write_registers(2005, [0x80], device_id=EVSE))
    desk.table.charger.service.store.put("settings", desk.table.charger.settings.pack(), 2)
    desk.table.live(2000)
    desk.table.restart()
    desk.table.live(30000)
    desk.asked(lambda c: c.write_registers(1000, [800], device_id=EVSE))
    desk.table.live(40000)
    assert desk.verdict.closed
    assert 7900 < desk.verdict.offer_ma <= 8000
    desk.asked(lambda c: c.write_registers(1000, [7], device_id=EVSE))
    desk.table.live(10000)
    assert desk.verdict.offer_ma == 7000


def test_others_on_the_line_are_not_answered():
    desk = Desk()
    program = desk.line.join("program")
    request = bytes((9, 4, 0, 0, 0, 1))
    program.send(desk.table.chip.us, request + struct.pack("<H", crc(request, 0xFFFF)), 9600)
    desk.table.live(1000)
    assert program.take(desk.table.chip.us, 9600) == []
    request = bytes((OWN, 4, 0, 0, 0, 1))
    program.send(desk.table.chip.us, request + struct.pack("<H", crc(request, 0xFFFF)), 9600)
    desk.table.live(1000)
    assert len(program.take(desk.table.chip.us, 9600)) == 7


def test_a_board_that_nobody_manages_reads_none_of_it():
    table = Table([(0, 3000, 0, 0)], fidelity="rms")
    table.live(1000)
    assert table.charger.ports is None
    assert table.charger.guard.offer.more == []


def written(line, desk, register=1000, value=16):
    """A frame that a manager sends, and its death."""
    frame = bytes((EVSE, 6, register >> 8, register & 255, value >> 8, value & 255))
    check = crc(frame, 0xFFFF)
    line.join("manager").send(desk.table.chip.us, frame + bytes((check & 255, check >> 8)), 9600)


def test_on_a_line_that_echoes_a_limit_ends_by_itself_all_the_same():
    """The answer to a written register is the request, word for word: heard again it is no sign of the manager's life."""
    desk = Desk()
    for tap in desk.line.taps:
        tap.echo = True
    written(desk.line, desk)
    desk.table.live(10000)
    assert desk.verdict.offer_ma == 16000
    assert desk.table.charger.ports.manager.asked == 1
    desk.table.live(60000)
    assert desk.verdict.offer_ma == 6000
    written(desk.line, desk)
    desk.table.live(10000)
    assert desk.verdict.offer_ma == 16000


def test_two_chargers_with_one_address_do_not_keep_each_others_limits_alive():
    line = Line(4)
    desks = []
    for number in range(2):
        table = Table([(0, 3000, 0, 0)], fidelity="rms", breaker_ma=25000)
        board = table.module.board
        line.wire(table.chip, board.RS485_RX_PIN, f"charger {number}", board.RS485_DE_PIN)
        table.charger.settings.stage("bus", "manager")
        table.charger.settings.save()
        table.charger.apply_settings()
        desks.append(table)
    desks[1].scan.step_ms = 12  # their ticks do not coincide, so what they say does not
    desks[1].tick()
    desks[1].scan.step_ms = 25

    def live(ms):
        until_us = desks[0].chip.us + ms * 1000
        while min(table.chip.us for table in desks) < until_us:
            behind = min(desks, key=lambda table: table.chip.us)
            chips.attach(behind.chip)
            behind.tick()

    live(30000)
    frame = bytes((EVSE, 6, 1000 >> 8, 1000 & 255, 0, 16))
    check = crc(frame, 0xFFFF)
    line.join("manager").send(desks[0].chip.us, frame + bytes((check & 255, check >> 8)), 9600)
    live(3000)
    assert [table.charger.ports.manager.asked for table in desks] == [1, 1]


def test_a_limit_ends_while_a_person_has_stopped_the_charge_too():
    desk = Desk()
    desk.table.charger.ports.remote.tell(16000)
    desk.table.live(10000)
    assert desk.verdict.offer_ma == 16000
    desk.table.charger.hold(True)
    desk.table.live(90000)
    desk.table.charger.hold(False)
    for _ in range(60):
        desk.table.live(500)
        assert desk.verdict.offer_ma <= 6000
