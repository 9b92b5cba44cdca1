"""Who may do what (S-1): one table, asked in the transaction that acts."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

EVERYWHERE = "*"
"""The location of a grant that holds for all locations."""


class Role(StrEnum):
    """What an operator can be granted."""

    INCENTIVES_ADMIN = "incentives_admin"
    INCENTIVES_USER = "incentives_user"
    REFERRALS_ADMIN = "referrals_admin"
    VIEWER = "viewer"


class Action(StrEnum):
    """What the services let somebody do."""

    READ = "read"
    READ_REFERRED = "read_referred"
    WORK = "work"
    DECIDE = "decide"
    ADMINISTER = "administer"
    OPEN_REFERRAL = "open_referral"


class Permission(NamedTuple):
    """Which roles hold an action, and whether the grant must be for the location acted on or for all locations."""

    roles: frozenset[Role]
    scope: str
    """`any` grant of the role will do, it must cover the `location`, or it must be for `all` locations."""


_INCENTIVES = frozenset({Role.INCENTIVES_ADMIN, Role.INCENTIVES_USER})

PERMISSIONS: dict[Action, Permission] = {
    Action.READ: Permission(_INCENTIVES | {Role.VIEWER}, "any"),
    Action.READ_REFERRED: Permission(_INCENTIVES | {Role.VIEWER, Role.REFERRALS_ADMIN}, "any"),
    Action.WORK: Permission(_INCENTIVES, "location"),
    Action.DECIDE: Permission(frozenset({Role.INCENTIVES_ADMIN}), "location"),
    Action.ADMINISTER: Permission(frozenset({Role.INCENTIVES_ADMIN}), "all"),
    Action.OPEN_REFERRAL: Permission(frozenset({Role.REFERRALS_ADMIN}), "any"),
}
"""S-1d as data."""


class Grant(NamedTuple):
    """One role, for one location ID or `EVERYWHERE`."""

    role: Role
    location: str


def allowed(action: Action, grants: Iterable[Grant], location: str | None = None) -> bool:
    """Whether these grants permit `action`, on the location where one is acted on. S-1a, S-1b, S-1d"""
    permission = PERMISSIONS[action]
    fitting = [grant for grant in grants if grant.role in permission.roles]
    if permission.scope == "any":
        return bool(fitting)
    wanted = {EVERYWHERE} if permission.scope == "all" else {EVERYWHERE, location}
    return any(grant.location in wanted for grant in fitting)
