"""Reason codes: every offer names the ceiling or the event that set it. The words are in serve/words.py."""

BOOT = 0
NO_CAR = 1
RISE = 2  # headroom has lasted: value = mA free for the car, bound = ms it lasted
SHED = 3  # the supply is over its limit: value = supply mA, bound = limit mA
PAUSE = 4  # less than the car's minimum is free: value = mA free, bound = minimum mA
RESUME = 5  # enough is free again: value = mA free, bound = ms it lasted
CEILING = 6  # the charger's own rating is the limit: value = bound = mA
NO_METER = 7  # the supply current is not known
FAULT = 8  # protection: value = fault code
CAR_DONE = 9  # the car stopped by itself
WAIT = 10  # plugged in, waiting for headroom: value = mA free, bound = minimum mA
INRUSH = 11  # an overload gone before the car reacted: value = mA free, bound = ms it lasted
HOUSEHOLD = 12  # the household's own ceiling: value = bound = mA
TARIFF = 13  # the tariff's mean: value = mA allowed on all phases together for the rest, bound = cap in W
SLOW = 14  # the household's mode is slow: value = what it leaves in mA, bound = min_ma; more, where the car took nothing at that
ASYMMETRY = 15  # the phases may not differ more: value = mA the car's phase is above the emptiest, bound = mA allowed
DIMMED = 16  # the grid operator's contact: value = mA allowed on each phase in use, bound = W
IMPORT = 17  # as SHED, but the limit is the import limit of EREC G100
UNFOLLOWED = 18  # over the limit after a cut that did not show: value = supply mA, bound = limit mA
VOLTAGE = 20  # the car's own current lowers the voltage: value = V on L1, bound = V below which the protection opens
TOTAL = 73  # all phases together: value = W now, bound = W of the connection
WOBBLE = (SHED, ASYMMETRY, IMPORT, VOLTAGE, TOTAL)  # these move with the house, the other ceilings stand

# Wishes by the clock: law/wishes
TIMETABLE = 60  # the timetable's ceiling: value = mA, bound = minute of the day at which it may change
NEED_WAITS = 61  # the same, and a need waits for the next window: what is missing fits into the windows
START_DELAY = 62  # a charge begins later, by chance: bound = ms until then

# Set by the guard
CAR_CHECK = 23  # calibrate car: value = bound = mA
DOUBT = 25  # the meter is in doubt: value = row of terms/meter_faults.py, bound = mA
DERATED = 30  # the charger is warm: value = bound = mA
CABLE = 31  # the cable's rating is the limit: value = bound = mA
SIMPLIFIED = 32  # a car without S2 gets 10 A at most: value = bound = mA
CHECKING = 33  # the checks before power are not through
WAKING = 34  # the car does not react: value = number of the wake-up
HELD = 35  # stopped by the button
RETRY = 36  # after a stop less is tried: value = bound = mA, or value = 0: bound = ms until then
RESTLESS = 37  # the car stops by itself, again and again: value = how often, bound = ms until it is tried again
REMOTE = 40  # a manager's limit: value = bound = mA
REMOTE_LOST = 41  # the manager has been silent for too long: value = bound = mA

# Wishes that follow the sun, and what stands behind the connection
SUN = 70  # value = mA of surplus on each phase of the car, bound = its minimum in mA
SHADE = 71  # the same, but less than the minimum: the charge goes on through a cloud
NO_SUN = 72  # the same, and nothing is offered: bound = mA with which a charge begins
GENTLE = 74  # the offer rises no faster: value = mA offered now, bound = mA a second
BY_SUN = (SUN, SHADE)
# In a group
SHARED = 53  # its leader's own part of the supply: value = bound = mA
LEASED = 50  # what the group's leader leaves: value = bound = mA
TURN = 51  # nothing at the moment: others have their turn, or other phases were counted on
ALONE = 52  # no leader is heard: the least at once, then the share of the safe current: value = bound = mA
