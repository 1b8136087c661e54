"""README and the pages in tools/readme name only what is there, lead where they say, and are as the code makes them."""

import re
import subprocess
from importlib import import_module

import pytest
import walls
from bench import host
from headroom_tools import cli, tables
from headroom_tools.common.places import ROOT
from typer.main import get_command

PAGES = [ROOT / "README.md", *sorted((ROOT / "tools" / "readme").glob("*.md"))]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in PAGES}
ALL = "\n".join(TEXTS.values())
MOST_WORDS = 1100
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
NAMED_FILE = re.compile(r"[\w./]*\w(?:\.(?:py|json|md|txt|csv|svg|png)|/)")
BASES = [
    ROOT,
    *(ROOT / base for base in ("firmware", "firmware/headroom", "tools", "tools/headroom_tools", "host_tests")),
]
PLACEHOLDERS = {"FILE", "PORT", "NAME", "MODEL", "IMAGE.bin", "file"}  # a person puts a word of theirs in their place
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def commands(text):
    """Every command line on a page: what stands indented, and what stands between backticks."""
    spans = [line.split("  #")[0] for line in re.findall(r"^ {4}(.*)$", text, re.MULTILINE)] + CODE.findall(text)
    for span in spans:
        for part in span.split("|"):
            if re.match(r"(make|headroom) [a-z]", part.strip()):
                yield part.strip()


def problem(command):
    """What of a command does not exist; empty when all does."""
    word, *rest = command.replace("[", "").replace("]", "").rstrip(".,").split()
    if word == "make":
        unknown = [target for target in rest if "=" not in target and target not in TARGETS]
        return f"no such target: {unknown}" if unknown else ""
    at = get_command(cli.app)
    while rest and hasattr(at, "commands"):
        if rest[0].startswith("--"):
            break
        if rest[0] not in at.commands:
            return f"no such command: {rest[0]}"
        at = at.commands[rest.pop(0)]
    options = {option for parameter in at.params for option in parameter.opts} | {"--help"}
    unknown = [part for part in rest if part.startswith("--") and part not in options]
    return f"no such option: {unknown}" if unknown else ""


def files_of(command):
    """The files that a command reads: not those that it writes, nor a person's own."""
    for value in re.findall(r"(?:--trace|--columns|TRACE=)\s*([^\s]+)", command):
        if "=" not in value and value not in PLACEHOLDERS:
            yield value


def slug(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(text):
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def test_the_readme_is_a_landing_page_and_says_first_how_far_this_is():
    text = TEXTS["README.md"]
    assert len(text.split()) < MOST_WORDS
    top = text[: text.index("\n## ")]
    for said in ("0.x", "never run on hardware", "not certified", "Mains voltage kills"):
        assert said in top


@pytest.mark.parametrize("page", TEXTS)
def test_every_command_on_the_pages_exists(page):
    assert {each: problem(each) for each in commands(TEXTS[page]) if problem(each)} == {}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("make coffee", "no such target"),
        ("headroom brew", "no such command"),
        ("headroom board brew", "no such command"),
        ("headroom sim --sugar", "no such option"),
        ("headroom device tell plug 16", ""),
        ("make bench TRACE=file", ""),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(command, told):
    assert problem(command).startswith(told) if told else not problem(command)


def test_no_command_reads_a_file_that_a_clone_does_not_have():
    tracked = set(subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split())
    if not tracked:
        pytest.skip("no git here to say what a clone has")
    read = {file for command in commands(ALL) for file in files_of(command)}
    assert read, "the example trace is named somewhere"
    assert read - tracked == set()
    assert "../shared" not in ALL


def test_no_command_writes_into_a_folder_that_a_clone_does_not_have():
    written = re.findall(r"--(?:report|json|series|picture|write) ([\w./-]+)", "\n".join(commands(ALL)))
    assert written, "a report is written somewhere"
    assert [name for name in written if not (ROOT / name).parent.exists() or name.startswith("out/")] == []


@pytest.mark.parametrize("page", TEXTS)
def test_every_link_leads_somewhere(page):
    dead = []
    for link in LINK.findall(TEXTS[page]):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / name).resolve() if name else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", TEXTS)
def test_every_file_that_a_page_names_is_there(page):
    missing = []
    for name in CODE.findall(TEXTS[page]):
        if not NAMED_FILE.fullmatch(name) or name.startswith("out/") or set(name.split("/")) & PLACEHOLDERS:
            continue
        found = any((base / name).exists() for base in BASES) or ("/" not in name and any(ROOT.glob(f"*/**/{name}")))
        if not found:
            missing.append(name)
    assert missing == []


def test_every_target_and_command_is_named_on_a_page():
    """A new one: name it on the page of those who need it, see tools/readme/contribute.md."""
    named = list(commands(ALL))
    for name in {*TARGETS, *get_command(cli.app).commands} - {"clean"}:
        assert any(re.match(rf"(make|headroom) {name}\b", each) for each in named), f"{name} stands on no page"


def test_every_page_is_reached_from_the_readme():
    reached, todo = set(), ["README.md"]
    while todo:
        page = todo.pop()
        reached.add(page)
        for link in LINK.findall(TEXTS[page]):
            target = ((ROOT / page).parent / link.partition("#")[0]).resolve()
            if target in PAGES and target.relative_to(ROOT).as_posix() not in reached:
                todo.append(target.relative_to(ROOT).as_posix())
    assert reached == set(TEXTS)


def test_every_setting_that_is_set_on_a_page_is_one():
    from headroom.serve.answers.settings_table import TABLE

    named = set(re.findall(r"\bset ([a-z]+_[a-z]+)\b", ALL)) | set(re.findall(r"`([a-z]+_(?:ma|ms|w|pct))`", ALL))
    fields = {"grid_ma", "pilot_mv", "dwell_ms"}  # readings, in examples of names
    assert named - fields - {row[0] for row in TABLE} - {"reaction_ms", "power_w"} == set()


def test_the_tables_on_the_pages_are_fresh():
    host.load()
    stale = [page for page, text in TEXTS.items() if tables.filled(text) != text]
    assert stale == [], "run make tables"
    assert set(re.findall("<!-- table: ([a-z]+) -->", ALL)) == set(tables.TABLES)


def test_figures_of_the_weeks_table_are_the_same_wherever_they_are_told():
    row = re.search(r"^\| 25 A \|.*$", TEXTS["tools/readme/simulate.md"], re.MULTILINE)[0].split(" | ")
    share, closings, spells = row[3], row[9], row[10]
    assert f"got {share} of what was possible" in TEXTS["README.md"].replace("\n", " ")
    for page in ("README.md", "tools/readme/limits.md"):
        assert f"{closings} closings" in TEXTS[page]
    assert f"in {spells} spells a day" in TEXTS["tools/readme/limits.md"]


def test_who_has_seen_only_the_readme_finds_what_the_guard_may_import():
    assert "(tools/readme/architecture.md#what-each-room-may-import)" in TEXTS["README.md"]
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| (.*) \|$", TEXTS["tools/readme/architecture.md"], re.MULTILINE))
    for room, allowed in walls.MAY_IMPORT.items():
        said = {name for name in walls.MAY_IMPORT if f"`{name}`" in rows[room].split(";")[0]}
        if rows[room].startswith("types and words of all but"):
            said = set(walls.MAY_IMPORT) - said - {room}
        assert said == set(allowed), room
    assert "never `law`" in rows["guard"]


def test_the_table_of_conformance_has_the_proofs_rows_and_what_was_measured_is_allowed():
    host.load()
    proof = import_module("proofs.conformance")
    rows = re.findall(
        r"^\| (\S+) \| (.+?) \| (.+?) \| (\d+) to (\d+) \| ok \|$", TEXTS["tools/readme/safety.md"], re.MULTILINE
    )
    proofs_rows = (*proof.ROWS, *proof.SOCKET_ROWS, *proof.HELD_ROWS, *proof.BARE_ROWS)
    allowed = [(one, what, f"{low} to {high}" if low else f"up to {high}") for one, what, low, high, *_ in proofs_rows]
    assert [row[:3] for row in rows] == allowed, "reprint it: make conformance"
    for (_, what, low, high, *_), row in zip(proofs_rows, rows, strict=True):
        assert low <= int(row[3]) <= int(row[4]) <= high, what


def test_who_has_seen_only_the_readme_finds_when_the_contactor_opens():
    assert "(tools/readme/safety.md#when-the-contactor-opens)" in TEXTS["README.md"]
    assert re.search(
        r"^\| 8\.1 \| C -> B -> open \| 30 to 80 \| \d+ to \d+ \| ok \|$", TEXTS["tools/readme/safety.md"], re.MULTILINE
    )


def test_who_has_seen_only_the_readme_finds_how_to_add_a_meter():
    assert "(tools/readme/contribute.md#add-a-meter)" in TEXTS["README.md"]
    part = TEXTS["tools/readme/contribute.md"].split("## Add a meter\n")[1].split("\n## ")[0]
    for step in ("grid_ma", "quality", "firmware/headroom/sense/", "tools/bench/world/", "make clamp-faults"):
        assert step in part
