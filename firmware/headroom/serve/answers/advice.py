"""What a person is told of a doubt about clamp or meter: a word for it, and what to do. In the order of terms/meter_faults.py."""

# fmt: off
ROWS = (
    ("fine", "nothing to do"),
    ("noisy", "look for a loose plug of the clamp, or a strong source of interference beside it"),
    ("flat", "plug the clamp in again; if it stays, the charger needs service"),
    ("flat", "plug it in and close its jaw; idle_ma 0 where nothing else draws"),
    ("stale", "if it returns, the charger needs service"),
    ("clipped", "clamp and burden too small for this supply: have them changed"),
    ("clipped", "do not touch the clamp's plug: have the charger serviced"),
    ("implausible", "the charger needs service"),
    ("implausible", "look for water or damage at the clamp's plug; then service"),
    ("implausible", "is this the clamp that was set up? then calibrate it again"),
    ("implausible", "close the clamp's jaw around one conductor; then calibrate"),
    ("implausible", "set wiring as the charger is wired, or swap clamps"),
    ("implausible", "turn its arrow to the house; with a PF near -0.5 move it to its own phase; exports yes if panels feed in"),
    ("implausible", "set wiring if the charger is wired so; else the clamp is around another circuit"),
    ("silent", "look at its wires and at address, speed and parity: meter scan"),
    ("flat", "switch it off and on; if it stays, have it changed"),
    ("slow", "set meter to what it is: p1-10s where it tells every 10 s"),
    ("implausible", "look for another device that has its address"),
    ("implausible", "set meter to its type; a generic one: unit and order"),
    ("implausible", "is each on its phase? calibrate the clamp by the meter"),
)
# fmt: on
