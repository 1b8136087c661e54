"""What a file would work out when it is read stands in it as what it comes to."""

import ast

from headroom_tools.device.working_out import work_out


def worked(**texts):
    trees = {name: ast.parse(text) for name, text in texts.items()}
    work_out(trees)
    return {name: ast.unparse(tree) for name, tree in trees.items()}


def test_an_imported_number_stands_where_it_was_read():
    made = worked(m="A = 3\nB = A + 1\n", n="from m import A, B, f\n\ndef g(x):\n    return f(x) + A * B\n")
    assert made["n"] == "from m import f\n\ndef g(x):\n    return f(x) + 3 * 4"


def test_and_so_does_one_that_is_made_of_it_in_another_file_still():
    made = worked(m="A = 3\n", n="from m import A\nB = A + 1\n", o="from n import B\nprint(B)\n")
    assert made["o"] == "print(4)"


def test_a_name_that_the_file_binds_otherwise_too_stays_an_import():
    text = "from m import A\n\ndef f(A):\n    return A"
    assert worked(m="A = 3\n", n=text)["n"] == text


def test_a_constant_that_somebody_changes_stays():
    text = "from m import A\nprint(A)"
    assert worked(m="A = 3\n\ndef f():\n    global A\n    A = 4\n", n=text)["n"] == text


def test_columns_are_written_out_and_the_rows_go_where_they_are_deleted():
    text = "ROWS = (('a', 1), ('b', 2))\nCOUNT = len(ROWS)\n"
    text += "NAME, SIZE = zip(*ROWS)\nFIRST = bytes([row[1] for row in ROWS])\ndel ROWS\n"
    assert worked(m=text)["m"] == "COUNT = 2\nNAME = ('a', 'b')\nSIZE = (1, 2)\nFIRST = b'\\x01\\x02'"


def test_rows_that_are_read_stay():
    assert worked(m="ROWS = ((1, 2), (3, 4))\nA = len(ROWS)\n\ndef f():\n    return ROWS\n")["m"].startswith("ROWS =")


def test_what_can_change_or_asks_something_else_is_worked_out_by_the_chip():
    for text in ("A = [each for each in (1, 2)]", "A = f((1, 2))", "A = const(3)", "import board\nA = len(board.X)"):
        assert worked(m=text)["m"] == text
