"""Settings that contradict what is measured, by code; the words are in serve/words.py and serve/answers/texts.py.

They cost the charge nothing by themselves: what is measured is guarded, whatever the settings say. The journal keeps the code:
append, never move one.
"""

WIRING = 0  # the car's steps show on a phase that phases and wiring leave out
BREAKER = 1  # the house alone draws more than breaker_ma, day by day
HZ = 2  # the mains have another frequency than hz
MAINS_V = 3  # the supply has had another voltage than mains_v since the start

COUNT = 4
