"""The table of settings: from these rows come the checks, ``help``, the console's answers and the page of settings.

A row: name, unit or the words to choose from, default, lowest, highest, who may change it, one sentence. The unit is the
one the value is kept in, and the end of the name. Defaults are the lowest ratings: a charger that was never set up, or
cannot read what was set up, offers next to nothing.
"""

from headroom.terms import meters, wiring

VERSION = 1  # of what is stored; raised when a row is renamed or changes its unit
MIGRATIONS = ()  # (version that has it, old name, new name, multiplied by), oldest first

HOUSEHOLD = 0
INSTALLER = 1  # behind the PIN
WHO = ("household", "installer")

METERS = tuple(meters.CHOICES.split(" "))

# fmt: off
TABLE = (
    ("breaker_ma", "mA", 6000, 6000, 125000, INSTALLER, "rating of the supply's breaker, per phase"),
    ("breaker_curve", ("typical", "fastest", "slow"), 0, 0, 2, INSTALLER,
     "how soon the breaker trips; fastest: as soon as IEC 60898 allows"),
    ("tolerance_pct", "%", 0, 0, 45, INSTALLER,
     "so much above breaker_ma is borne while it bears that; 0: rarely a twentieth"),
    ("mode", ("normal", "slow"), 0, 0, 1, HOUSEHOLD, "slow: the car gets min_ma, or what it needs to begin, up to 10 A"),
    ("household_ma", "mA", 80000, 6000, 80000, HOUSEHOLD, "the most that the household allows the car"),
    ("cap_w", "W", 0, 0, 60000, HOUSEHOLD, "power that the house shall not pass on average over cap_s; 0: no such tariff"),
    ("cap_s", "s", 900, 900, 3600, HOUSEHOLD, "time over which the tariff takes the average: 15 or 60 minutes"),
    ("asymmetry_ma", "mA", 0, 0, 80000, INSTALLER,
     "most that one phase may carry above another: 20 A in Germany; 0: no rule"),
    ("dim_w", "W", 4200, 1400, 60000, INSTALLER,
     "power for the car while the grid operator dims; below min_ma it pauses"),
    ("import_ma", "mA", 0, 0, 125000, INSTALLER,
     "EREC G100 import limit per phase; exceeded too often: lock-out; 0: none"),
    ("charger_ma", "mA", 6000, 6000, 80000, INSTALLER, "rating of the charger's own circuit and cable"),
    ("phases", "", 3, 1, 3, INSTALLER, "phases the charger is wired to: 3, 1, or 2 that wiring names"),
    ("wiring", tuple(wiring.CHOICES.split(" ")), 0, 0, 18, INSTALLER,
     "the supply's phases on the charger's L1, L2, L3; straight: L1, L2, L3 of it"),
    ("mains_v", "V", 230, 100, 250, INSTALLER, "nominal voltage, phase to neutral: what power is reckoned with"),
    ("hz", "Hz", 50, 50, 60, INSTALLER, "mains frequency; in force after a reboot"),
    ("min_ma", "mA", 6000, 6000, 16000, HOUSEHOLD, "the least the car charges with: below it, pause"),
    ("rise_dwell_ms", "ms", 2000, 1000, 600000, HOUSEHOLD, "headroom must last this long before the offer rises"),
    ("resume_dwell_ms", "ms", 59000, 5000, 3600000, HOUSEHOLD,
     "and this long before a paused car is offered current again"),
    ("exports", ("no", "yes"), 0, 0, 1, INSTALLER,
     "panels or a battery feed in; no: what flows out is a clamp on backwards"),
    ("idle_ma", "mA", 150, 0, 5000, INSTALLER,
     "some phase always carries this: less is a clamp that fell off; 0: no limit"),
    ("trust_hold_ms", "ms", 5000, 0, 60000, INSTALLER, "a meter in doubt: the offer is held for this long,"),
    ("trust_safe_ma", "mA", 6000, 0, 32000, INSTALLER, "then this much is offered; 0: pause at once,"),
    ("trust_pause_ms", "ms", 60000, 0, 3600000, INSTALLER, "for this long, and then nothing,"),
    ("trust_back_ms", "ms", 10000, 1000, 600000, INSTALLER, "until it has been good again for this long"),
    ("status_ms", "ms", 1000, 0, 60000, HOUSEHOLD, "a status line this often, 0 = never"),
    ("zone_min", "min", 0, -720, 840, HOUSEHOLD, "minutes that winter time is ahead of UTC: 60 in Central Europe"),
    ("summer_min", "min", 0, 0, 120, HOUSEHOLD, "minutes that summer time is ahead of winter time; 0: there is none"),
    ("summer_begins", "", 0, 0, 12523, HOUSEHOLD,
     "month, Sunday (5: the last), hour in winter time: 3502 is March, last, 02 h"),
    ("summer_ends", "", 0, 0, 12523, HOUSEHOLD, "the same: 10502 is October, the last, 02 h in winter time"),
    ("start_delay_s", "s", 0, 0, 1800, HOUSEHOLD,
     "a charge starts up to so much later, by chance: 600 in the UK; boost skips it"),
    ("breaker_l1_ma", "mA", 0, 0, 125000, INSTALLER, "breaker of L1 alone, where it is smaller; 0: as breaker_ma"),
    ("breaker_l2_ma", "mA", 0, 0, 125000, INSTALLER, "the same of L2"),
    ("breaker_l3_ma", "mA", 0, 0, 125000, INSTALLER, "the same of L3"),
    ("total_w", "W", 0, 0, 100000, INSTALLER, "power of the connection, all phases together; 0: the breaker alone counts"),
    ("night_w", "W", 0, 0, 100000, INSTALLER, "the same from night_from_h to night_to_h; 0: as by day"),
    ("night_from_h", "", 0, 0, 23, INSTALLER, "hour at which night_w begins; clock not told: the lower of both holds"),
    ("night_to_h", "", 8, 0, 23, INSTALLER, "hour at which night_w ends"),
    ("rise_ma_s", "mA/s", 0, 0, 5000, INSTALLER,
     "the offer rises no faster, for an inverter or a generator; 0: at once"),
    ("solar", ("off", "only", "minimum", "window"), 0, 0, 3, HOUSEHOLD,
     "the panels' surplus: only that, at least min_ma, or outside of a timetable"),
    ("solar_sum", ("together", "each"), 0, 0, 1, INSTALLER,
     "surplus counts over all phases together, as most meters do, or on each"),
    ("solar_hold_ms", "ms", 600000, 0, 3600000, HOUSEHOLD, "a charge by sun goes on at min_ma through so much shade"),
    ("bus", ("none", "meter", "group", "manager"), 0, 0, 3, INSTALLER, "what the RS-485 port is for"),
    ("bus_baud", "", 0, 0, 115200, INSTALLER,
     "its speed; 0: the meter's own, 9600 for a manager, 115200 in a group"),
    ("bus_parity", ("auto", "none", "odd", "even"), 0, 0, 3, INSTALLER, "its parity; auto: the meter's own, else none"),
    ("bus_address", "", 1, 1, 147, INSTALLER,
     "for a manager: unit id of EVSE-DIN's registers; our own are at 100 more"),
    ("meter", METERS, 0, 0, len(METERS) - 1, INSTALLER,
     "the meter that is read, where bus is meter; p1 on a port of its own"),
    ("meter_role", tuple(meters.ROLES.split(" ")), 0, 0, 2, INSTALLER,
     "it measures the supply (no clamps), checks the clamps, or is the car's own"),
    ("meter_address", "", 1, 1, 247, INSTALLER, "the meter's Modbus address"),
    ("generic_function", "", 4, 3, 4, INSTALLER, "meter generic: 3 holding registers, 4 input registers"),
    ("generic_form", ("float", "float-swapped", "integer", "integer-swapped", "short"), 0, 0, 4, INSTALLER,
     "form of its numbers; swapped: the low word comes first"),
    ("generic_amps", "", 6, 0, 65529, INSTALLER, "register of the current on L1; L2 and L3 follow"),
    ("generic_ma", "", 1000, 1, 1000, INSTALLER, "mA of its unit: 1000 where it counts amperes, 1 where it counts mA"),
    ("generic_watts", "", 12, 0, 65535, INSTALLER, "register of the power on L1; 65535: none, so nothing tells export"),
    ("generic_mw", "", 1000, 1, 1000000, INSTALLER, "mW of its unit: 1000 where it counts watts"),
    ("remote_hold_ms", "ms", 60000, 1000, 3600000, INSTALLER,
     "a manager's limit ends so long after its last request, and then"),
    ("remote_safe_ma", "mA", 6000, 0, 80000, INSTALLER, "this is in force until it speaks again; 0: nothing is offered"),
    ("group_no", "", 0, 0, 32, INSTALLER, "this charger's number in a group on the RS-485 bus; 0: in none"),
    ("group_size", "", 2, 2, 32, INSTALLER, "chargers in the group, numbered from 1"),
    ("group_ma", "mA", 6000, 6000, 125000, INSTALLER, "what they may draw together, per phase"),
    ("group_safe_ma", "mA", 0, 0, 32000, INSTALLER, "what each may draw while it hears no leader; the same on all"),
    ("group_clamps", ("supply", "cable"), 0, 0, 1, INSTALLER,
     "what the clamps here are around; a leader needs supply"),
    ("group_share", ("equal", "priority", "first", "need"), 0, 0, 3, INSTALLER, "who gets what, where this charger leads"),
    ("group_priority", "", 0, 0, 3, HOUSEHOLD, "for group_share priority: the higher one comes first"),
    ("cap_month", ("no", "yes"), 0, 0, 1, HOUSEHOLD,
     "yes: what the month's highest mean has been counts as cap_w, once that is less"),
)
# fmt: on
# a row is found by its name there: to go through them takes long
NAMES = "\n" + "\n".join([row[0] for row in TABLE]) + "\n"
RARE = [row[0] for row in TABLE].index("zone_min")  # the rows from here on are kept in memory only where they were set

# unit: (multiples that may be written, each with its factor)
UNITS = {
    "mA": (("ma", 1), ("a", 1000)),
    "ms": (("ms", 1), ("s", 1000), ("min", 60000), ("h", 3600000)),
    "min": (("min", 1), ("h", 60)),
    "Hz": (("hz", 1),),
    "V": (("v", 1),),
    "s": (("s", 1), ("min", 60), ("h", 3600)),
    "W": (("w", 1), ("kw", 1000)),
    "%": (("%", 1),),
    "mA/s": (("ma/s", 1), ("a/s", 1000)),
    "": (),
}
