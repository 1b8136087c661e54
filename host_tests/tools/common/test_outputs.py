"""A file appears whole or not at all, and what cannot be written is told before the work."""

import os
from pathlib import Path

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.common.outputs import Output


def test_what_is_kept_is_there(tmp_path):
    path = tmp_path / "out.csv"
    with Output(path, "--series") as output:
        output.file.write("new\n")
        assert not path.exists()
        output.keep()
    assert path.read_text() == "new\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_not_kept_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with Output(path, "--series") as output:
        output.file.write("half")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_usual_rights_and_an_old_one_keeps_its_own(tmp_path):
    old, new, usual = tmp_path / "old", tmp_path / "new", tmp_path / "usual"
    old.write_text("")
    old.chmod(0o640)
    usual.write_text("")
    for path in (old, new):
        with Output(path, "--json") as output:
            output.keep()
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == usual.stat().st_mode


def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    with Output(link, "--json") as output:
        output.file.write("new")
        output.keep()
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_device_is_written_to_as_it_is():
    with Output(Path(os.devnull), "--json") as output:
        output.file.write("text")
        output.keep()
    assert not os.path.isfile(os.devnull)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (".", "is a directory: name a file in it"),
        ("missing/out.csv", "cannot be written: no such directory, make it first"),
        ("file/out.csv", "cannot be written: Not a directory"),
        ("a\0b", "is no file name: embedded null byte"),
        ("x" * 300, "cannot be written: File name too long"),
    ],
)
def test_what_cannot_be_written_is_told_at_once(tmp_path, name, told):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput) as error:
        Output(tmp_path / name, "--json")
    assert str(error.value).startswith("--json ")
    assert str(error.value).endswith(told)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission_is_told_at_once(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(BadInput, match="cannot be written: Permission denied"):
        Output(tmp_path / "out.csv", "--json")
