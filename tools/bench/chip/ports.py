"""What differs between the versions of MicroPython's ESP32 port that README allows, and what no version refuses.

Sources are files of micropython/micropython below ports/esp32/ at a tag (``machine_pwm.c@v1.23.0``), and of espressif/esp-idf
at a commit. Commit 150a5aa3a1 rewrote PWM between v1.25.0 and v1.26.0: all that a version changes here is in it, but for the
brown-out. v1.24.0 and v1.25.0 have v1.23.0's PWM with another way to the same 16 bits (548babf8a0); v1.27.0 to v1.29.0 have
v1.26.0's (``git diff v1.26.0 v1.28.0 -- machine_pwm.c``: other chips only).
"""

VERSIONS = ("1.23", "1.24", "1.25", "1.26", "1.27", "1.28", "1.29")
NEWEST = VERSIONS[-1]

RESERVED = (6, 7, 8, 9, 10, 11)  # SPI flash; machine_pin.h@v1.23.0 has them all, so Pin(6) is made like any other
ABSENT = (24, 28, 29, 30, 31)  # the same file; GPIO20 is there, it belongs to the ESP32-PICO
INPUT_ONLY = (
    34,
    35,
    36,
    37,
    38,
    39,
)  # machine_pin.c@v1.23.0, GPIO_FIRST_NON_OUTPUT; a pull is asked for without an error
ADC1 = (32, 33, 34, 35, 36, 37, 38, 39)
ADC2 = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27)

FUN_IE = 1 << 9  # components/soc/esp32/include/soc/io_mux_reg.h@33f938657207
IO_MUX = 0x3FF49000  # ESP32 Technical Reference Manual, table 3-6 "Peripheral Address Mapping"
GPIO_OUT, GPIO_ENABLE = 0x3FF44004, 0x3FF44020  # the same, 4.12: of GPIO0 to 31
NOTHING_BELOW = 0x3F400000  # table 1-1: reserved
# offset of each GPIO's register, the same file; 0: no such pin
IO_MUX_OFFSETS = (
    0x44, 0x88, 0x40, 0x84, 0x48, 0x6C, 0x60, 0x64, 0x68, 0x54, 0x58, 0x5C, 0x34, 0x38, 0x30, 0x3C, 0x4C, 0x50, 0x70, 0x74,
    0x78, 0x7C, 0x80, 0x8C, 0x90, 0x24, 0x28, 0x2C, 0, 0, 0, 0, 0x1C, 0x20, 0x14, 0x18, 0x04, 0x08, 0x0C, 0x10,
)  # fmt: skip


class Port:
    """One version. ``Port("1.23").half_pulse``."""

    def __init__(self, version):
        if version not in VERSIONS:
            raise ValueError("no model of MicroPython %s; there are: %s" % (version, ", ".join(VERSIONS)))
        old = VERSIONS.index(version) < VERSIONS.index("1.26")
        # machine_pwm.c@v1.23.0 configure_channel: the channel begins with half of its range and gets its duty afterwards,
        # in force from the next period; @v1.26.0 apply_duty: it begins with its duty
        self.half_pulse = old
        # the same file: ledc_channel_config sets the pad to GPIO_MODE_OUTPUT, which takes its input (FUN_IE) away;
        # @v1.26.0 reconfigure_pin: input and output again, or, from ESP-IDF 5.4 on, whatever the driver left it at
        self.input_off = old
        # @v1.23.0 init_helper: a pin that has a channel keeps it, and is not routed to it again; @v1.26.0 select_timer: it is
        self.routes_again = not old
        # @v1.23.0 set_duty_u16: 65535 of 65536; @v1.26.0 check_duty_u16: 65535 is taken for all of them
        self.full = 65535 if old else 65536
        self.duty_text = "duty_u16 must be from 0 to %d" % self.full
        self.inactive_text = "PWM inactive" if old else "PWM is inactive"
        # components/esp_system/port/brownout.c@0e3133269: esp_restart_noos, a reset of the CPU; @4632bf2f8 (2024):
        # esp_rom_software_reset_system, and the pins float. At the IDF of the older images it was not read: the worse is played
        self.brown_out_floats = not old
