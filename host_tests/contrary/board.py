"""Contrary: a board for tests only, on which every value that the firmware reads is another than on any board in boards/.

What is hard-wired somewhere in the firmware is wrong here. Its parts could be bought, and the check accepts it.
"""

NAME = "contrary"  # the folder's name
CHIP = "esp32"  # there is no other
PHASES = 1  # one supply phase, one clamp

CT_PINS = (36,)  # clamp on L (ADC1)
CAR_CT_PIN = 39  # clamp on L behind the contactor (ADC1)
PILOT_ADC_PIN = 34  # control pilot behind its divider (ADC1)
VOLTAGE_PIN = 35  # mains voltage L1 to N (ADC1)
TEMPERATURE_PIN = 33  # NTC beside the contactor (ADC1)
PROXIMITY_PIN = 32  # PP of the socket (ADC1)
RAIL_PIN = None  # half of the logic supply: no ADC1 pin is left

PILOT_PWM_PIN = 26  # low = -12 V, high = +12 V at the pilot driver
CONTACTOR_PIN = 27  # high closes
CONTACTOR_READBACK_PIN = 25  # auxiliary contact
CONTACTOR_READBACK_CLOSED_LEVEL = 1  # a contact that opens
CONTACTOR_CLOSE_MS = 30
CONTACTOR_OPEN_MS = 15
SUPERVISOR_PIN = 22  # an edge a tick keeps the contactor's drive alive
SUPERVISOR_MS = 350
LED_PIN = 14  # high lights
BUTTON_PIN = 21  # pressed = low, pull-up in the chip
RCM_FAULT_PIN = 23  # residual current module, FAULT output
RCM_FAULT_LEVEL = 0  # pulls down when it trips
RCM_TEST_PIN = 19  # residual current module, TEST input; high runs the self-test
EARTH_FAULT_PIN = 16  # earth monitor
EARTH_FAULT_LEVEL = 0  # its contact closes when the earth is lost
DIM_PIN = 17  # grid operator's dimming contact
DIM_LEVEL = 1  # open = dimmed
LOCK_PIN = 18  # socket lock motor, towards locked
LOCK_OPEN_PIN = 13  # socket lock motor, towards open
LOCK_FEEDBACK_PIN = 4  # its position contact: closed to GND while locked
RS485_TX_PIN = None
RS485_RX_PIN = None
RS485_DE_PIN = None
METER_TX_PIN = None
METER_RX_PIN = None
METER_DE_PIN = None
METER_INVERTED = True

ADC_ZERO_MV = 142  # the chip's, not the board's
ADC_UV_PER_COUNT = 820
ADC_BEND_MV = (5, 25, 65, 125, 205, 305)  # the chip's, not the board's
CT_TURNS = 1800
CT_BURDEN_MOHM = 18000
CT_BIAS_MV = 1500
CT_PHASE_MDEG = 1500
VOLTAGE_BIAS_MV = 1320
VOLTAGE_RATIO = 400
PILOT_BIAS_MV = 1330
PILOT_UV_PER_MV = 80
PROXIMITY_PULLUP_OHM = 1100
RAIL_MV = 3200
NTC_R25_OHM = 22000
NTC_BETA = 3500
NTC_PULLUP_OHM = 15000

MAX_OFFER_MA = 25000
MAX_BREAKER_MA = 41000
CABLE = "socket"
VENTILATION = True  # a fan contact: state D may charge
TEMPERATURE_DERATE_C = 55
TEMPERATURE_STOP_C = 68

ADC_READ_US = 36
ADC_SAMPLE_US = 17
CPU_HZ = 160000000
TICK_CPU_US = (600, 4400, 1900, 2600, 500, 3600, 14000)
