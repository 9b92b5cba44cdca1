"""A small application with a toy wizard in it: planning a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, Static

from mci_tui.errors import Reason, reason
from mci_tui.screens.wizards.engine import WizardScreen
from mci_tui.screens.wizards.page import FieldBox, StepBody
from mci_tui.screens.wizards.parts import Key, Line
from mci_tui.screens.wizards.steps import Field, Step, Wizard
from mci_tui.widgets.choice import Option

SIZES = ((80, 24), (120, 36))
WAYS = (Option("road", "By road"), Option("boat", "By boat"), Option("air", "By air"))


@dataclass(frozen=True)
class Visit:
    """What the toy wizard collects."""

    guest: str = ""
    mail: str = ""
    title: str = ""
    phone: str = ""
    host: str = ""
    way: str = ""
    harbour: str = ""
    stops: tuple[str, ...] = ()


class Stops(StepBody):
    """Chooses stops by the keys 1 to 3."""

    can_focus = True

    def __init__(self, draft: Visit, found: Sequence[str]) -> None:
        super().__init__()
        self.found = found
        self.chosen = draft.stops

    def compose(self) -> ComposeResult:
        yield Line(", ".join(self.found))

    def on_key(self, event: Any) -> None:
        if event.key in ("1", "2", "3"):
            self.chosen += (self.found[int(event.key) - 1],)
            self.change(stops=self.chosen)


class Review(StepBody):
    """Shows what was answered."""

    def __init__(self, draft: Visit, found: object) -> None:
        super().__init__()
        self.draft = draft

    def compose(self) -> ComposeResult:
        draft = self.draft
        for words in (draft.guest, draft.mail, draft.way, *draft.stops):
            yield Line(words)


def wrong_with(visit: Visit) -> Mapping[str, Reason]:
    """What is wrong with a visit, field by field."""
    problems = {name: reason("required") for name in ("guest", "host", "way") if not getattr(visit, name).strip()}
    problems |= {name: reason("email_form") for name in ("mail",) if "@" not in visit.mail}
    problems |= {name: reason("phone_form") for name in ("phone",) if not visit.phone.startswith("+")}
    problems |= {
        name: reason("too_long", limit=8, length=len(visit.title)) for name in ("title",) if len(visit.title) > 8
    }
    if visit.way == "air" and not visit.title:
        problems["title"] = reason("required")
    return problems | ({} if visit.stops else {"stops": reason("choose_engagement")})


class Desk:
    """The service behind the toy wizard: it notes what it is told, and refuses what the test wants refused."""

    def __init__(self) -> None:
        self.kept: list[tuple[Visit, str]] = []
        self.saved: list[Visit] = []
        self.asked: list[str] = []
        self.dropped = 0
        self.refusals: dict[str, Exception] = {}
        self.gates: dict[str, Event] = {}
        self.stops: Sequence[str] = ("mill", "tower", "bridge")
        self.place = "Milan"
        self.skipped = 0

    def _does(self, what: str) -> None:
        if what in self.gates:
            self.gates[what].wait(20)
        if refusal := self.refusals.pop(what, None):
            raise refusal

    def ways(self, visit: Visit) -> Sequence[Option]:
        """The ways on offer."""
        self.asked.append("ways")
        self._does("ways")
        return WAYS

    def stops_for(self, visit: Visit) -> Sequence[str]:
        """The stops of a way."""
        self.asked.append("stops")
        self._does("stops")
        return self.stops

    def save(self, visit: Visit) -> str:
        """Books the visit."""
        self._does("save")
        self.saved.append(visit)
        return f"visit {len(self.saved)}"

    def keep(self, visit: Visit, at: str) -> None:
        """Keeps the draft."""
        self._does("keep")
        self.kept.append((visit, at))

    def drop(self) -> None:
        """Drops the draft."""
        self.dropped += 1


def harbour_if_by_boat(visit: Visit, found: Any) -> bool:
    """Whether a harbour is needed."""
    return visit.way == "boat"


def visit_wizard(desk: Desk) -> Wizard[Visit, str]:
    """The toy wizard: five steps, two of which ask the desk."""
    steps: tuple[Step[Visit], ...] = (
        Step(
            "guest",
            "Guest",
            columns=("Guest", "Your side"),
            fields=(
                Field("guest", "Name", max_length=40),
                Field("mail", "E-mail", placeholder="name@example.com", note="The confirmation goes here."),
                Field("title", "Job title"),
                Field("phone", "Phone"),
                Field("host", "Host", column=1, note=lambda visit, found: f"for {visit.guest or 'nobody yet'}"),
            ),
        ),
        Step(
            "way",
            "Way there",
            ask=desk.ways,
            heading=lambda visit, found: f"{len(found)} ways to {desk.place}",
            fields=(
                Field("way", "How", options=lambda visit, found: found),
                Field("harbour", "Harbour", applies=harbour_if_by_boat),
            ),
        ),
        Step(
            "stops",
            "Stops",
            ask=desk.stops_for,
            asking="Looking for stops …",
            settle=lambda visit, found: replace(visit, stops=tuple(stop for stop in visit.stops if stop in found)),
            body=Stops,
            answers=frozenset({"stops"}),
        ),
        Step("ferry", "Ferry", applies=lambda visit: visit.way == "boat", fields=(Field("harbour", "Ferry from"),)),
        Step("review", "Review", body=Review),
    )
    return Wizard(
        kind="visit",
        title="Plan a visit",
        blank=Visit(),
        steps=steps[desk.skipped :],
        check=wrong_with,
        save=desk.save,
        save_label="Book the visit",
        keep=desk.keep,
        drop=desk.drop,
    )


class Host(App[None]):
    """A list in the background, and the wizard over it."""

    def __init__(self, desk: Desk, draft: Visit | None = None, at: str = "") -> None:
        super().__init__()
        self.theme = "textual-dark"
        self.animation_level = "none"
        self.wizard = WizardScreen(visit_wizard(desk), draft, at)
        self.results: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield Static("\n".join(f"Guest number {number} has been here before" for number in range(60)))

    def on_mount(self) -> None:
        self.push_screen(self.wizard, self.results.append)


class Operator:
    """What a person does with the wizard, and sees of it."""

    def __init__(self, pilot: Pilot[None], wizard: WizardScreen[Visit, str]) -> None:
        self.pilot = pilot
        self.wizard = wizard

    async def settles(self) -> None:
        """Waits until nothing is under way."""
        await self.wizard.workers.wait_for_complete()
        await self.pilot.pause()

    async def presses(self, *keys: str) -> None:
        """Presses keys and waits for what comes of them."""
        await self.pilot.press(*keys)
        await self.settles()

    async def types(self, **texts: str) -> None:
        """Fills text fields of the present step."""
        for name, text in texts.items():
            entry = self.box(name).control
            assert isinstance(entry, Input)
            entry.value = text
        await self.pilot.pause()

    def box(self, name: str) -> FieldBox:
        """The field called `name`."""
        return next(box for box in self.wizard.query(FieldBox) if box.field.name == name)

    @property
    def step(self) -> str:
        """Where the operator stands: title and number."""
        return str(self.wizard.query_one("#count", Static).content)

    @property
    def focus(self) -> str:
        """The field that has the focus."""
        return next((box.field.name for box in self.wizard.query(FieldBox) if box.has_focus_within), "")

    def problems(self) -> dict[str, str]:
        """What stands under the fields in red."""
        found = {box.field.name: str(box.query_one(".problem", Static).content) for box in self.wizard.query(FieldBox)}
        return {name: text for name, text in found.items() if text}

    @property
    def trouble(self) -> str:
        """What stands above the foot line."""
        return str(self.wizard.query_one("#trouble", Static).content)

    @property
    def foot(self) -> list[str]:
        """The foot line's three parts."""
        return [str(key.content) for key in self.wizard.query(Key)]

    async def fills_guest(self) -> None:
        """Fills the first step and goes on."""
        await self.fills_guest_without_waiting()
        await self.settles()

    async def fills_guest_without_waiting(self) -> None:
        """Fills the first step and presses Enter."""
        await self.types(guest="Ada", mail="ada@example.com", phone="+39 02 1", host="Marco")
        await self.pilot.press("enter")

    async def reaches_review(self) -> None:
        """Fills everything up to the last step."""
        await self.fills_guest()
        await self.presses("space", "enter")
        await self.presses("1", "enter")
