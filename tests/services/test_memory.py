"""What the program keeps for an operator: drafts and preferences, each operator's own."""

from collections.abc import Callable

from mci_tui.services import Services, services_at
from mci_tui.services.desk import Desk
from mci_tui.store.engine import Store, open_store
from tests.conftest import LOGIN, MovingClock

TYPED = {"name": "Ærø 100%", "engagement": ["a", "b"], "nothing": None, "hostile": "\x00\x1b[2J"}


def test_a_draft_is_found_again_by_its_operator_alone(
    services: Services, as_operator: Callable[[str], Services], clock: MovingClock
) -> None:
    """S-3a"""
    assert services.memory.draft("add") is None
    services.memory.keep_draft("add", "contacts", TYPED)
    draft = services.memory.draft("add")
    assert draft is not None
    assert (draft.step, draft.values, draft.kept_at) == ("contacts", TYPED, clock())
    assert as_operator("anna").memory.draft("add") is None
    assert services.memory.draft("request") is None


def test_the_latest_draft_takes_the_place_of_the_one_before(services: Services, clock: MovingClock) -> None:
    """S-3a"""
    services.memory.keep_draft("add", "claim", TYPED)
    services.memory.keep_draft("request", "claim", {})
    clock.passes(hours=1)
    services.memory.keep_draft("add", "review", {"name": "second"})
    draft = services.memory.draft("add")
    assert draft is not None
    assert (draft.step, draft.values) == ("review", {"name": "second"})
    services.memory.drop_draft("add")
    assert services.memory.draft("add") is None
    assert services.memory.draft("request") is not None


def test_a_draft_is_offered_for_thirty_days(services: Services, clock: MovingClock) -> None:
    """S-3a"""
    services.memory.keep_draft("add", "claim", {})
    clock.passes(days=30)
    assert services.memory.draft("add") is not None
    clock.passes(seconds=1)
    assert services.memory.draft("add") is None


def test_each_list_is_remembered_for_each_operator(services: Services, as_operator: Callable[[str], Services]) -> None:
    """S-2i"""
    assert services.memory.preference("customers") == {}
    services.memory.prefer("customers", {"sort": "due", "descending": True})
    services.memory.prefer("customers", {"sort": "claim", "columns": ["customer", "due"]})
    services.memory.prefer("claims", {"sort": "status"})
    as_operator("anna").memory.prefer("customers", {"filter": "ærø"})
    assert services.memory.preference("customers") == {"sort": "claim", "columns": ["customer", "due"]}
    assert services.memory.preference("claims") == {"sort": "status"}
    assert as_operator("anna").memory.preference("customers") == {"filter": "ærø"}


def test_a_read_only_workspace_keeps_nothing_and_says_nothing(place: str, store: Store, clock: MovingClock) -> None:
    """S-2i"""
    writer = services_at(Desk(store, clock, LOGIN)).memory
    writer.keep_draft("add", "claim", TYPED)
    reader = open_store(place, read_only=True)
    memory = services_at(Desk(reader, clock, LOGIN)).memory
    memory.keep_draft("add", "review", {})
    memory.drop_draft("add")
    memory.prefer("customers", {"sort": "due"})
    assert memory.preference("customers") == {}
    draft = memory.draft("add")
    reader.close()
    assert draft is not None
    assert draft.step == "claim"
