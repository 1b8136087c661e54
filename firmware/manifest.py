"""What `make image` freezes into a MicroPython of one's own; the compiled modules are put there by device/image.py."""

freeze("$(PORT_DIR)/modules")  # the port's own: the file system is found by them
freeze_mpy("../out/image/mpy")
