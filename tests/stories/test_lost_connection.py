"""The connection drops in the middle of *Add customer*."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from mci_tui.terminal import HUNG_UP
from tests.conftest import LOGIN, NOW
from tests.operator import Place
from tests.programme import MONTEFALCO
from tests.terminal_kit import DOWN, ENTER, TAB, Terminal, modes, python

LEAVINGS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "hang-up": (Terminal.hang_up, HUNG_UP),
    "SIGTERM": (lambda there: there.kill(signal.SIGTERM), 128 + signal.SIGTERM),
}
"""Ways in which a sitting ends, with the exit code of each."""


@contextmanager
def terminal_at(place: Place) -> Iterator[Terminal]:
    """The program in a real terminal."""
    home = str(place.path.parent)
    command = python("-m", "tests.stories.desk_host", str(place.path), LOGIN, NOW.isoformat())
    with Terminal(command, environ={"HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home}) as there:
        yield there


def goes_to_the_contacts(there: Terminal) -> None:
    """By keys alone, from the first screen to the fourth step, with half a contact typed."""
    for keys, seen in (
        (b"", "the most urgent first"),
        (b"2", "Threat Protection"),
        (ENTER, "Corvara Distribuzione"),
        (b"a", "Friendly name"),
        (b"Ceramics, wave 1" + TAB + b" " + ENTER, "step 2 of 5"),
        (DOWN + b" " + TAB + MONTEFALCO.encode() + ENTER, "step 3 of 5"),
        (ENTER, "step 4 of 5"),
        (b"Anna Bianchi" + TAB + b"anna@montefal", "anna@montefal"),
    ):
        since = len(there.output) if keys else 0
        there.send(keys)
        there.wait_for(seen, since=since)


@pytest.mark.parametrize("how", LEAVINGS)
async def test_half_typed_contacts_are_there_on_return(how: str, workspace: Place) -> None:
    """S-3: nothing typed is lost."""
    leave, code = LEAVINGS[how]
    with terminal_at(workspace) as there:
        goes_to_the_contacts(there)
        leave(there)
        assert there.wait() == code
        if how != "hang-up":
            assert there.attributes() == there.before
            assert modes(there.output)["25"]
            assert not modes(there.output)["1049"]
        assert not there.orphans()
        assert "Traceback" not in there.text()

    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("a")
        operator.sees("A draft of this wizard is kept from 23 Nov 2026, 10:30. Go on with it?")
        await operator.presses("enter")
        operator.sees("step 4 of 5", "Anna Bianchi", "anna@montefal", "Marco Rossi")
        await operator.presses("tab", "end")
        await operator.types("co.example.com")
        await operator.presses("enter", "enter")
        operator.sees("Customer added", "CLM-000321")
        await operator.presses("enter", "a")
        operator.sees("step 1 of 5")
        operator.does_not_see("Ceramics, wave 1")
