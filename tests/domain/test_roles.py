"""Who may do what: the table of the rules, cell by cell."""

import pytest

from mci_tui.domain.roles import EVERYWHERE, Action, Grant, Role, allowed
from tests.factories import HERE, THERE

NO, ANY, LOCATION, ALL = "no", "any grant", "a grant for the location", "a grant for all locations"

TABLE: dict[Action, dict[Role, str]] = {
    Action.READ: {
        Role.VIEWER: ANY,
        Role.INCENTIVES_USER: ANY,
        Role.INCENTIVES_ADMIN: ANY,
        Role.REFERRALS_ADMIN: NO,
    },
    Action.READ_REFERRED: {
        Role.VIEWER: ANY,
        Role.INCENTIVES_USER: ANY,
        Role.INCENTIVES_ADMIN: ANY,
        Role.REFERRALS_ADMIN: ANY,
    },
    Action.WORK: {
        Role.VIEWER: NO,
        Role.INCENTIVES_USER: LOCATION,
        Role.INCENTIVES_ADMIN: LOCATION,
        Role.REFERRALS_ADMIN: NO,
    },
    Action.DECIDE: {
        Role.VIEWER: NO,
        Role.INCENTIVES_USER: NO,
        Role.INCENTIVES_ADMIN: LOCATION,
        Role.REFERRALS_ADMIN: NO,
    },
    Action.ADMINISTER: {
        Role.VIEWER: NO,
        Role.INCENTIVES_USER: NO,
        Role.INCENTIVES_ADMIN: ALL,
        Role.REFERRALS_ADMIN: NO,
    },
    Action.OPEN_REFERRAL: {
        Role.VIEWER: NO,
        Role.INCENTIVES_USER: NO,
        Role.INCENTIVES_ADMIN: NO,
        Role.REFERRALS_ADMIN: ANY,
    },
}
"""The table of the rules, written out here once more by hand."""

ENOUGH = {
    NO: set[str](),
    ANY: {HERE, THERE, EVERYWHERE},
    LOCATION: {HERE, EVERYWHERE},
    ALL: {EVERYWHERE},
}
"""The locations of a grant that will do for an action on the location HERE."""


@pytest.mark.parametrize("granted", [HERE, THERE, EVERYWHERE])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_every_cell_of_the_role_table(action: Action, role: Role, granted: str) -> None:
    """S-1a S-1b S-1c S-1d"""
    assert allowed(action, [Grant(role, granted)], HERE) is (granted in ENOUGH[TABLE[action][role]])


@pytest.mark.parametrize("action", Action)
def test_without_a_grant_nothing_is_allowed(action: Action) -> None:
    """S-1a"""
    assert not allowed(action, [], HERE)


def test_grants_do_not_add_up_to_what_none_of_them_gives() -> None:
    """S-1b"""
    grants = [Grant(Role.VIEWER, EVERYWHERE), Grant(Role.INCENTIVES_USER, THERE), Grant(Role.REFERRALS_ADMIN, HERE)]
    assert not allowed(Action.WORK, grants, HERE)
    assert allowed(Action.WORK, grants, THERE)
    assert not allowed(Action.DECIDE, grants, THERE)


def test_an_action_without_a_location_needs_a_grant_for_all_of_them() -> None:
    """S-1b"""
    assert not allowed(Action.WORK, [Grant(Role.INCENTIVES_USER, HERE)])
    assert allowed(Action.WORK, [Grant(Role.INCENTIVES_USER, EVERYWHERE)])
