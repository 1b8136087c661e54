"""The factory jig: is the board in the fixture a good one? Steps, instruments, records. Imports `common`, `boards`, `device`.

It sees a board only through its serial port, and the world only through the station's instruments: never the bench itself.
"""
