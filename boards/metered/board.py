"""Metered board: the reference board with a mains voltage input, so that it knows watts and which way they flow.

The firmware imports this file as `board`; the PC tools read it without running it. None means "not fitted".
`headroom board names` tells what each name means. wiring.svg, beside this file, is made from these lines by
`headroom board wiring metered`.
"""

NAME = "metered"  # the folder's name
CHIP = "esp32"  # ESP32-WROOM-32 module
PHASES = 3  # supply phases it can see, one clamp each

CT_PINS = (32, 33, 34)  # clamps on L1, L2, L3 (ADC1)
CAR_CT_PIN = None  # clamp on what the car draws
PILOT_ADC_PIN = 35  # control pilot behind its divider (ADC1)
VOLTAGE_PIN = 39  # mains voltage L1 to N behind a ZMPT101B (ADC1)
TEMPERATURE_PIN = 36  # NTC beside the contactor (ADC1)
PROXIMITY_PIN = None  # PP of a socket; a tethered cable needs none
RAIL_PIN = None  # half of the logic supply: no ADC1 pin is left

PILOT_PWM_PIN = 25  # low = -12 V, high = +12 V at the pilot driver
CONTACTOR_PIN = 26  # high closes
CONTACTOR_READBACK_PIN = 27  # auxiliary contact
CONTACTOR_READBACK_CLOSED_LEVEL = 0  # contact closes to GND against a pull-up on the board
CONTACTOR_CLOSE_MS = 20  # 4 x 40 A contactor: operate 20 ms (Durakool 30C40 datasheet)
CONTACTOR_OPEN_MS = 20  # the same: release 10 ms, and an arc until the next zero of the current
SUPERVISOR_PIN = 4  # an edge a tick keeps the contactor's drive alive: monostable and flip-flop, see the picture
SUPERVISOR_MS = 400  # without an edge for so long the contactor opens, until it is told to open and close again
LED_PIN = 23  # high lights
BUTTON_PIN = 13  # pressed = low, pull-up in the chip
RCM_FAULT_PIN = 22  # residual current module, FAULT output
RCM_FAULT_LEVEL = 1  # open collector: released = tripped, unplugged or unpowered
RCM_TEST_PIN = 21  # residual current module, TEST input; high runs the self-test
EARTH_FAULT_PIN = 19  # earth (open-PEN) monitor: its contact is closed while all is well
EARTH_FAULT_LEVEL = 1  # contact to GND against a pull-up on the board: open = fault, or a broken wire
DIM_PIN = 14  # grid operator's dimming contact, against a pull-up on the board
DIM_LEVEL = 0  # closed = dimmed: a broken wire costs the operator a wish, not the household its charge
LOCK_PIN = None  # socket lock motor, towards locked
LOCK_OPEN_PIN = None  # socket lock motor, towards open
LOCK_FEEDBACK_PIN = None  # socket lock position contact
RS485_TX_PIN = 17
RS485_RX_PIN = 16
RS485_DE_PIN = 18  # high drives the bus
METER_TX_PIN = None  # a second UART, for a meter: a P1 port's request, or a transceiver's DI
METER_RX_PIN = None
METER_DE_PIN = None
METER_INVERTED = False  # what it hears is upside down, as a P1 port talks

ADC_ZERO_MV = 142  # 11 dB line at Vref 1100 mV: esp-idf esp_adc_cal_esp32.c, adc1_vref_atten_offset
ADC_UV_PER_COUNT = 806  # the same: 196602 * 1100 / 4096 / 65.536
ADC_BEND_MV = (5, 25, 65, 125, 205, 305)  # line reads too high by this at 2816, 3072 ... 4096: fit to esp-idf's curve
CT_TURNS = 2000  # YHDC SCT-013-000, 100 A : 50 mA
CT_BURDEN_MOHM = 15000  # 100.8 A (160 % of 63 A) swings +-1069 mV about the bias
CT_BIAS_MV = 1280  # below mid-supply: the ESP32 is straight from 150 to 2450 mV
CT_PHASE_MDEG = 2000  # output leads; SCT-013-000 report: below 4000 at 22 ohm; `calibrate` replaces it
VOLTAGE_BIAS_MV = 1280  # the same, for the voltage input
VOLTAGE_RATIO = 350  # 230 V + 20 % swings +-1114 mV
PILOT_BIAS_MV = 1300  # adc_mv = PILOT_BIAS_MV + pilot_mv * PILOT_UV_PER_MV / 1000
PILOT_UV_PER_MV = 85  # +-13.5 V reads 153..2447 mV
PROXIMITY_PULLUP_OHM = 1000  # for boards with PROXIMITY_PIN: 60 to 4500 ohm reads 187 to 2700 mV
RAIL_MV = 3300  # the pull-ups and bias dividers hang on it
NTC_R25_OHM = 10000  # 10 k NTC
NTC_BETA = 3950  # kelvin
NTC_PULLUP_OHM = 10000  # NTC to GND, this resistor to RAIL_MV

MAX_OFFER_MA = 32000  # contactor 40 A AC-7a, cable and terminals 32 A
MAX_BREAKER_MA = 63000  # largest supply breaker the burden sees with 60 % to spare
CABLE = "tethered"
VENTILATION = False  # no fan contact: state D is refused
TEMPERATURE_DERATE_C = 65  # OpenEVSE open_evse.h, infrared sensor: throttles at 65
TEMPERATURE_STOP_C = 75  # the same: shuts down at 75

ADC_READ_US = 40  # one conversion with its driver; estimated until measured on a chip
ADC_SAMPLE_US = 20  # of which the input is sampled after this; estimated until measured on a chip
CPU_HZ = 240000000  # set at the start; the port begins at 160 MHz
# inputs, scan, law, guard, energy, serve of one tick, and a collection: an emulated chip's at 160 MHz and 125 MIPS, a half
# more for caches, of which 240 MHz takes a third off the arithmetic alone; estimated until measured on a chip
TICK_CPU_US = (1370, 3250, 1870, 2800, 470, 3380, 12830)
