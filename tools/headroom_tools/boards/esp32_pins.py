"""What each GPIO of an ESP32-WROOM-32 can and cannot do.

Sources: ESP32 Series Datasheet (pin overview, strapping pins, IO_MUX reset states), ESP32-WROOM-32 Datasheet
(which pins reach the module's edge), ESP32 Errata 3.11 (GPIO36 and GPIO39).
Each table of refusals says why, in words that follow "GPIOn is".
"""

ADC1 = (32, 33, 34, 35, 36, 39)
ADC2 = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27)
INPUT_ONLY = range(34, 40)
GPIO = range(40)

TAKEN = {
    1: "UART0 TX, the console and the flashing port",
    3: "UART0 RX, the console and the flashing port",
    **dict.fromkeys(range(6, 12), "wired to the module's flash"),
    **dict.fromkeys((20, 24, 28, 29, 30, 31), "a pin this chip does not have"),
    **dict.fromkeys((37, 38), "not brought out of the module"),
}

STRAPPING = {
    0: "a strapping pin: low at reset starts the ROM loader, and the chip pulls it up until then",
    2: "a strapping pin: high at reset keeps the ROM loader from starting, so the chip could not be flashed",
    5: "a strapping pin: its level at reset sets the SDIO timing, and the chip pulls it up until then",
    12: "a strapping pin: high at reset selects 1.8 V for the flash, and the chip does not start",
    15: "a strapping pin: its level at reset sets the boot messages, and the chip pulls it up until then",
}

STARTS_HIGH, STARTS_LOW = (0, 5, 15), (2, 12)  # what each must be at reset, and the chip's own weak pull makes it

PULLED_UP_FROM_RESET = {
    14: "pulled up by the chip from reset (JTAG TMS) until our boot.py runs: what it drives could be on by then",
}

PULSED_LOW = dict.fromkeys(
    (36, 39),
    "pulled low for 80 ns whenever the ADC powers up (errata 3.11), and the pilot's fast edges allow "
    "no capacitor that would hide it",
)
