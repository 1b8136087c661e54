"""What is frozen into an image: every module under the name that freezing needs, and a device that has it gets its board only."""

import dataclasses
import itertools

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.common.version import version
from headroom_tools.device import flash, image

CHIP = flash.Chip("esp32", "Generic ESP32 module with ESP32", (1, 23, 0), 6 | 3 << 8 | 10 << 10, 1 << 20)


def test_the_manifest_finds_every_module_under_its_own_name(tmp_path):
    files = image.frozen()
    assert {"headroom/charger.mpy", "headroom/guard_linked.mpy", "headroom/serve/answers/reports.mpy"} <= set(files)
    assert {image.source_name(data) for data in files.values()} == {name[:-4] + ".py" for name in files}
    assert image.written(tmp_path / "out" / "image" / "mpy") < image.SLOT
    (tmp_path / "firmware").mkdir()
    manifest = tmp_path / "firmware" / "manifest.py"
    manifest.write_bytes(image.MANIFEST.read_bytes())
    assert sorted(image.resolved(manifest)) == sorted(files)


def test_a_module_that_nobody_could_import_and_a_manifest_that_finds_nothing_are_refused(tmp_path):
    manifest = tmp_path / "manifest.py"
    manifest.write_text('freeze_mpy("mpy")\n')
    with pytest.raises(BadInput, match="nothing lies there"):
        image.resolved(manifest)
    (tmp_path / "mpy").mkdir()
    data = flash.crossed(flash.squeezed((("headroom/a.py", "X = 1\n"),)), image.FORM)["headroom/a.mpy"]
    (tmp_path / "mpy" / "a.mpy").write_bytes(data)
    with pytest.raises(BadInput, match=r"its name is headroom.a: frozen so, nobody could import it"):
        image.resolved(manifest)
    manifest.write_text('require("umqtt")\n')
    with pytest.raises(BadInput, match=r"manifest.py:1: only freeze"):
        image.resolved(manifest)


def test_a_checkout_without_the_tool_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"mpy-tool.py: no such file: MICROPYTHON is a checkout"):
        image.accepted(tmp_path)


def test_the_partition_table_has_two_slots_and_leaves_the_rest_of_four_megabytes_to_files():
    rows = [line.split(",") for line in (image.BOARD / "partitions.csv").read_text().splitlines() if line[0] != "#"]
    places = [(row[0].strip(), int(row[3], 16), int(row[4], 16)) for row in rows]
    assert [name for name, _, size in places if size == image.SLOT] == ["ota_0", "ota_1"]
    assert all(start + size == after for (_, start, size), (_, after, _) in itertools.pairwise(places))
    assert places[-1][1] + places[-1][2] == 4 << 20


def test_a_device_with_the_firmware_frozen_in_gets_its_board_and_what_starts_it():
    chip = dataclasses.replace(CHIP, frozen=version())
    assert set(flash.build("minimal", chip)) == {"boot.py", "main.py", "board.py"}
    with pytest.raises(BadInput, match=r"has Headroom 0.0.1 frozen in, this clone is .*: make image"):
        flash.build("minimal", dataclasses.replace(CHIP, frozen="0.0.1"))
