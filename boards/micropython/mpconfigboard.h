#define MICROPY_HW_BOARD_NAME "Headroom frozen in, generic ESP32 module"
#define MICROPY_HW_MCU_NAME "ESP32"
