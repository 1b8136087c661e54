# MicroPython with Headroom frozen in, for all boards of this repository: they are one chip, and their pins are in board.py.
set(IDF_TARGET esp32)

set(SDKCONFIG_DEFAULTS
    boards/sdkconfig.base
    boards/sdkconfig.240mhz
    ${MICROPY_BOARD_DIR}/sdkconfig.board
)
