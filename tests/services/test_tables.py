"""Tables that come in: what is read, and what is refused in words."""

import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from mci_tui.domain.tables import CLAIMS, DIRECTORY, LOCATIONS, Kind
from mci_tui.errors import NotFound, Reason, Refused
from mci_tui.services.records import MAX_LINE
from mci_tui.services.tables import BadRow, Row, Table

Write = Callable[[bytes | str], Path]

LOCATION_HEADER = "location_id,name,country,enrolled,global\n"
GOOD = LOCATION_HEADER + "1234567,Torino,IT,true,false\n2345678,Lyon,FR,false,\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(content: bytes | str) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def read(path: Path, kind: Kind = LOCATIONS) -> list[Row | BadRow]:
    return list(Table(path, kind).rows())


def refused(path: Path, kind: Kind = LOCATIONS) -> Refused:
    with pytest.raises(Refused) as refusal:
        read(path, kind)
    return refusal.value


def bad(path: Path, kind: Kind = LOCATIONS) -> list[tuple[int, str, str]]:
    """Line, column and code of everything wrong with single lines."""
    rows = [row for row in read(path, kind) if isinstance(row, BadRow)]
    return [(problem.line, problem.column, problem.why.code) for row in rows for problem in row.problems]


def test_a_line_gives_typed_values_by_column(write: Write) -> None:
    first, second = read(write(GOOD))
    assert first == Row(
        2,
        ["1234567", "Torino", "IT", "true", "false"],
        {"location_id": "1234567", "name": "Torino", "country": "IT", "enrolled": True, "global": False},
    )
    assert isinstance(second, Row)
    assert second.line == 3
    assert second.values["global"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marked_encodings_line_ends_and_delimiters_are_told_by_the_file(write: Write, encoding: str, end: str) -> None:
    text = "name;country;enrolled;location_id\nZürich; ch ;TRUE;1234567\n\n;;;\n東京;JP;true;2345678\n"
    rows = read(write(text.replace("\n", end).encode(encoding)))
    assert [row.values["name"] for row in rows if isinstance(row, Row)] == ["Zürich", "東京"]
    assert [row.line for row in rows] == [2, 5]


def test_an_absent_column_is_absent_and_an_empty_cell_unknown(write: Write) -> None:
    table = Table(write("location_id,name,country,enrolled\n1234567,Torino,IT,true\n"), LOCATIONS)
    assert "global" not in table.names
    (row,) = table.rows()
    assert isinstance(row, Row)
    assert "global" not in row.values


def test_a_table_can_be_read_twice(write: Write) -> None:
    table = Table(write(GOOD), LOCATIONS)
    assert list(table.rows()) == list(table.rows())


def test_a_file_that_changes_between_two_readings_is_refused(write: Write) -> None:
    table = Table(write(GOOD), LOCATIONS)
    list(table.rows())
    write(GOOD.replace("Lyon", "Lyons"))
    with pytest.raises(Refused) as refusal:
        list(table.rows())
    assert refusal.value.why.code == "table_changed"


def test_lines_are_counted_through_quoted_cells_of_several_lines(write: Write) -> None:
    text = (
        LOCATION_HEADER
        + '1234567,"Torino\nCentro\r\nsede",IT,true,\n2345678,Lyon,FRA,true,\n3456789,"a\n""b""",IT,no,\n'
    )
    path = write(text)
    assert bad(path) == [(5, "country", "country_form"), (6, "enrolled", "not_boolean")]
    first = read(path)[0]
    assert isinstance(first, Row)
    assert first.values["name"] == "Torino Centro  sede"


def test_text_is_made_safe_and_the_guarding_apostrophe_comes_off(write: Write) -> None:
    rows = read(write(LOCATION_HEADER + "1234567,'=cmd|x \x1b[31m\u202e,IT,true,\n"))
    assert isinstance(rows[0], Row)
    assert rows[0].values["name"] == "=cmd|x �[31m"


def test_all_columns_that_are_wrong_are_named_in_one_go(write: Write) -> None:
    refusal = refused(write("location_id,Name,country,colour,country,\n1234567,x,IT,red,IT,\n"))
    assert refusal.code == "import_failed"
    assert refusal.why.code == "table_header"
    assert refusal.why.params["line"] == 1
    assert {name: why.code for name, why in refusal.problems.items()} == {
        "Name": "column_misspelt",
        "colour": "column_unknown",
        "6": "column_unnamed",
        "country": "column_repeated",
        "name": "column_missing",
        "enrolled": "column_missing",
    }
    assert all(name in refusal.why.params["columns"] for name in refusal.problems)


@pytest.mark.parametrize("text", ['{"total": 0, "rows": []}\n', '[\n{"location_id": "1234567"}\n]\n', ' {"rows": [\n'])
def test_an_export_for_scripts_is_told_as_such(write: Write, text: str) -> None:
    """S-11b: what comes in again is CSV or XLSX"""
    assert refused(write(text)).why.code == "table_json"


def test_three_hundred_unknown_columns_are_all_named(write: Write) -> None:
    header = ",".join(f"c{number}" for number in range(300))
    refusal = refused(write(f"{header}\n"))
    assert len(refusal.problems) == 300 + len(LOCATIONS.required)


def test_a_file_with_thousands_of_columns_is_refused_by_their_number(write: Write) -> None:
    refusal = refused(write("location_id" + ",x" * 5000 + "\n"))
    assert (refusal.why.code, refusal.why.params["count"]) == ("table_columns", 5001)


def test_three_hundred_columns_of_facts_are_read(write: Write) -> None:
    facts = [f"fact:f{number}" for number in range(300)]
    header = ["customer", "customer_name", "id_type", "id_value", *facts]
    line = ["K1", "Corvara", "tpid", "123456", *map(str, range(300))]
    (row,) = read(write(",".join(header) + "\n" + ",".join(line) + "\n"), DIRECTORY)
    assert isinstance(row, Row)
    assert row.values["fact:f299"] == 299


@pytest.mark.parametrize("name", ["fact:", "fact:Seats", "fact:country", "fact:a b"])
def test_a_wrong_name_of_a_fact_is_refused_as_such(write: Write, name: str) -> None:
    refusal = refused(write(f"customer,customer_name,id_type,id_value,{name}\nK,C,tpid,123456,1\n"), DIRECTORY)
    assert refusal.problems[name].code in ("fact_name", "fact_reserved")


def test_the_same_column_under_both_its_names_is_repeated(write: Write) -> None:
    header = ",".join((*CLAIMS.required, "created_at"))
    assert refused(write(header + "\n"), CLAIMS).problems["created_on"].code == "column_repeated"


def test_an_exports_derived_columns_and_those_of_bad_lines_are_passed_over(write: Write) -> None:
    header = [*CLAIMS.required, "engagement_name", "days_left", "line", "problem"]
    line = "cma,K1,Corvara,added,1234567,tpid,123456,approved,2026-01-01,Anything,-,7,why"
    (row,) = read(write(",".join(header) + "\n" + line + "\n"), CLAIMS)
    assert isinstance(row, Row)
    assert set(row.values) == set(CLAIMS.required)


def test_a_column_line_alone_is_unknown(write: Write) -> None:
    assert "line" in refused(write("location_id,name,country,enrolled,line\n")).problems


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "table_empty", None),
        (b"\xef\xbb\xbf", "table_empty", None),
        (b"\n\n", "table_empty", None),
        (LOCATION_HEADER.encode(), "table_no_lines", None),
        (LOCATION_HEADER.encode() + b"\n,,,,\n", "table_no_lines", None),
        (LOCATION_HEADER.encode() + b"1234567,Torino,IT,true,\n2345678,Z\xfcrich,CH,true,\n", "table_encoding", 3),
        (b"location_id,name,country,enrolled,citt\xe0\n", "table_encoding", 1),
        (GOOD.encode("utf-16-le"), "table_encoding", 1),
        (GOOD.encode("utf-16")[:-1] + b"\x00\xd8", "table_utf16", 3),
        (b"PK\x03\x04\x14\x00\x06\x00", "xlsx_broken", None),
        (GOOD.replace(",", "\t").encode(), "table_tabs", 1),
        (LOCATION_HEADER.encode() + b"1234567," + b"x" * MAX_LINE + b",IT,true,\n", "table_line_long", 2),
        (b"x" * (3 * MAX_LINE), "table_line_long", 1),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(
    write: Write, content: bytes, code: str, line: int | None
) -> None:
    why = refused(write(content)).why
    assert (why.code, why.params.get("line")) == (code, line)


@pytest.mark.parametrize(
    ("lines", "line", "cell"),
    [
        ('1234567,"Torino,IT,true,\n2345678,Lyon,FR,true,\n', 2, 2),
        ('1234567,Torino,IT,true,\n2345678,"Lyon"s,FR,true,\n', 3, 2),
        ('1234567,"a\nb",IT,true,\n2345678,Lyon,FR,"true,\n3456789,"x",IT,true,\n', 4, 4),
        ('1234567,Torino,IT,true,"\n' + "2345678,Lyon,FR,true,\n" * 10_000, 2, 5),
    ],
)
def test_a_quote_that_is_not_closed_is_told_with_line_and_cell(write: Write, lines: str, line: int, cell: int) -> None:
    why = refused(write(LOCATION_HEADER + lines)).why
    assert (why.code, why.params["line"], why.params["cell"]) == ("table_quote", line, cell)


def test_a_quote_inside_a_bare_cell_is_a_letter_like_others(write: Write) -> None:
    (row,) = read(write(LOCATION_HEADER + '1234567,Torino "Centro",IT,true,\n'))
    assert isinstance(row, Row)
    assert row.values["name"] == 'Torino "Centro"'


def test_ragged_lines_are_bad_and_the_others_are_read(write: Write) -> None:
    path = write(LOCATION_HEADER + "1234567,Torino\n2345678,Lyon,FR,true,,,\n3456789,Bari,IT,true,\n")
    assert bad(path) == [(2, "country", "row_short"), (3, "", "row_long")]
    assert [row.line for row in read(path) if isinstance(row, Row)] == [4]


def test_everything_wrong_in_a_line_is_told_at_once(write: Write) -> None:
    path = write(LOCATION_HEADER + f"12,{'x' * 201},Italy,maybe,\n,\0,IT,true,\n")
    assert bad(path) == [
        (2, "location_id", "location_form"),
        (2, "name", "too_long"),
        (2, "country", "country_form"),
        (2, "enrolled", "not_boolean"),
        (3, "location_id", "required"),
        (3, "name", "cell_nul"),
    ]


def test_a_line_whose_cells_speak_against_each_other_is_bad(write: Write) -> None:
    header = "customer,customer_name,id_type,id_value,tenant_id,fact:seats\n"
    path = write(header + "K1,Corvara,domain,corvara.example.com,,30\nK1,Corvara,tpid,123456,,30\n")
    assert bad(path, DIRECTORY) == [(2, "fact:seats", "fact_on_domain")]


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    def why(path: Path) -> Reason:
        return refused(path).why

    os.mkfifo(tmp_path / "pipe")
    assert why(tmp_path / "pipe").code == "file_not_regular"
    assert why(Path("/dev/zero")).code == "file_not_regular"
    assert why(tmp_path).code == "file_directory"
    assert why(tmp_path / "a\0b").code == "file_unreadable"
    assert why(tmp_path / ("x" * 300)).code == "file_unreadable"
    with pytest.raises(NotFound) as refusal:
        read(tmp_path / "none.csv")
    assert refusal.value.why.code == "not_found_file"


def test_a_file_that_may_not_be_read_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_args: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = write(GOOD)
    monkeypatch.setattr(os, "open", closed)
    assert refused(path).why.params["why"] == "Permission denied"


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.csv"
        with path.open("w") as file:
            file.write(LOCATION_HEADER)
            file.writelines(f"{1_000_000 + number},Name {number},IT,true,\n" for number in range(lines))
        tracemalloc.start()
        try:
            assert sum(1 for _ in Table(path, LOCATIONS).rows()) == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(20_000) < peak(2_000) + 50_000


def _spoil(content: bytes, chance: random.Random) -> bytes:
    """`content` with one to four random changes."""
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(spoiled) + 1)
        piece = chance.choice(
            [b'"', b",", b";", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"'", b"=", b"\xe2\x80\xae", b"\x1b", b""]
        )
        match chance.randrange(4):
            case 0:
                spoiled[at:at] = piece
            case 1:
                spoiled[at : at + chance.randint(1, 9)] = piece
            case 2:
                spoiled[at:at] = bytes(spoiled[at : at + chance.randint(1, 60)])
            case _:
                spoiled[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(spoiled)


@pytest.mark.parametrize("seed", range(20))
def test_a_spoiled_file_is_read_or_refused_in_words_never_worse(write: Write, seed: int) -> None:
    chance = random.Random(seed)
    claims = ",".join(column.name for column in CLAIMS.columns) + "\n"
    claims += '"CLM-1",cma,K1,"Corv""ara",added,,1234567,tpid,123456,approved,2026-01-01,,,2026-02-02,4,10.5' + "," * 10
    directory = "customer;customer_name;id_type;id_value;fact:seats\nK1;Corvara;tpid;123456;300\n"
    for content, kind in ((GOOD, LOCATIONS), (claims, CLAIMS), (directory, DIRECTORY)):
        for _ in range(40):
            path = write(_spoil(content.encode(), chance))
            try:
                rows = read(path, kind)
            except Refused:
                continue
            assert all(row.line > 1 for row in rows)
            assert all(row.problems for row in rows if isinstance(row, BadRow))
