"""What the database itself refuses, whoever writes: frozen values, moves out of a terminal state, lost history.

The same text for SQLite and PostgreSQL, made with the tables.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData, event

from mci_tui.domain.claims import OPEN, TERMINAL
from mci_tui.store.schema import metadata


class Guard(NamedTuple):
    """Refuses `verb` on a table with `message` when the condition `when` holds (SQL over OLD and NEW)."""

    name: str
    table: str
    verb: str
    when: str
    message: str


def _changed(column: str) -> str:
    return (
        f"(OLD.{column} IS NULL AND NEW.{column} IS NOT NULL)"
        f" OR (OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} <> OLD.{column}))"
    )


def _listed(statuses: frozenset[Any]) -> str:
    return ", ".join(f"'{status}'" for status in sorted(statuses))


_FIXED_AT_CREATION = (
    "number", "engagement_id", "origin", "id_type", "id_value", "created_at", "terms", "payout", "payout_limited_by",
    "payout_terms",
)  # fmt: skip

GUARDS = (
    Guard("hours_frozen", "claims", "UPDATE", _changed("hours"), "frozen: hours"),
    Guard(
        "deal_size_frozen",
        "claims",
        "UPDATE",
        "OLD.deal_size IS NOT NULL AND (NEW.deal_size IS NULL OR NEW.deal_size <> OLD.deal_size)",
        "frozen: deal_size",
    ),
    *(
        Guard(f"{column}_frozen", "claims", "UPDATE", _changed(column), f"frozen: {column}")
        for column in _FIXED_AT_CREATION
    ),
    Guard(
        "terminal_kept",
        "claims",
        "UPDATE",
        f"OLD.status IN ({_listed(TERMINAL)}) AND NEW.status <> OLD.status",
        "terminal",
    ),
    Guard("claims_kept", "claims", "DELETE", "1 = 1", "claims are never deleted"),
    Guard("answers_unchanged", "answers", "UPDATE", "1 = 1", "an answer is given once"),
    Guard("answers_kept", "answers", "DELETE", "1 = 1", "an answer is given once"),
    Guard("message_id_frozen", "mails", "UPDATE", _changed("message_id"), "frozen: message_id"),
    Guard("decisions_unchanged", "decisions", "UPDATE", "1 = 1", "a decision stays as it was taken"),
    Guard("decisions_kept", "decisions", "DELETE", "1 = 1", "a decision stays as it was taken"),
    Guard("proof_kept", "proofs", "DELETE", "1 = 1", "proof is never deleted"),
    Guard("referrals_kept", "referrals", "DELETE", "1 = 1", "referrals are never deleted"),
    Guard("mails_kept", "mails", "DELETE", "1 = 1", "mails are never deleted"),
    Guard("history_unchanged", "history", "UPDATE", "1 = 1", "history is append only"),
    Guard("history_kept", "history", "DELETE", "1 = 1", "history is append only"),
)

SLOTS = (
    "CREATE UNIQUE INDEX uq_claims_slot ON claims (engagement_id, customer_id, slot)"
    f" WHERE status IN ({_listed(OPEN)}) AND slot IS NOT NULL"
)
"""S-6e in the schema: two open claims of one customer on one engagement never hold the same slot."""


def statements(dialect: str) -> Iterator[str]:
    """The SQL that makes every guard, for `sqlite` or `postgresql`."""
    yield SLOTS
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = '23000'; END $$"
        )
    for guard in GUARDS:
        head = f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table} FOR EACH ROW WHEN ({guard.when})"
        if dialect == "postgresql":
            yield f"{head} EXECUTE FUNCTION refuse('{guard.message}')"
        else:
            yield f"{head} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"


@event.listens_for(metadata, "after_create")
def _make_guards(target: MetaData, connection: Connection, **_: Any) -> None:
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
