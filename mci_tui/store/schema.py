"""The tables of a workspace.

Instants are UTC, money whole cents of USD, rules that only Python reads (an engagement's definition, facts, terms) are
JSON text. `guards` adds what tables cannot say: frozen values, terminal states, the claim limit.
"""

from datetime import UTC, datetime
from types import NoneType
from typing import Any, TypeVar, cast, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import String, TypeDecorator

C = TypeVar("C", bound=TypedColumns)

VERSION = 4
"""The schema's version, stamped into every workspace."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An instant in UTC, kept as sortable text to the microsecond; refuses a datetime without a zone."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


Key = BigInteger().with_variant(Integer(), "sqlite")
"""An integer key: SQLite numbers rows itself only where the type is exactly INTEGER."""

SortName = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point on every database, whatever the server's locale."""


def _table(name: str, columns: type[C], *more: SchemaItem, **options: Any) -> Table[C]:
    """The table that `Table(name, metadata, columns)` makes, of these very columns instead of a copy of each.

    The copies, and reading the annotations as if they could be anything, would make up a twentieth of a start.
    """
    for key, annotation in columns.__annotations__.items():
        column = vars(columns)[key]
        column.name = column.key = key
        column.nullable = not column.primary_key and NoneType in get_args(get_args(annotation)[0])
    made = Table(name, metadata, *(vars(columns)[key] for key in columns.__annotations__), *more, **options)
    return cast("Table[C]", made)


class WorkspaceColumns(TypedColumns):
    """One row: the schema's version and when the workspace was made."""

    version: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    made_at: Named[datetime] = Column(Instant)


workspace = _table("workspace", WorkspaceColumns)


class SettingColumns(TypedColumns):
    """The workspace's settings, each value as JSON."""

    key: Named[str] = Column(Text, primary_key=True)
    value: Named[str] = Column(Text)


settings = _table("settings", SettingColumns)


class LocationColumns(TypedColumns):
    """The partner's locations."""

    id: Named[str] = Column(Text, primary_key=True)
    name: Named[str] = Column(Text)
    country: Named[str] = Column(Text)
    enrolled: Named[bool] = Column(Boolean)
    is_global: Named[bool] = Column(Boolean)


locations = _table("locations", LocationColumns)


class OperatorColumns(TypedColumns):
    """Operators, by the login of their account, with their own contact data."""

    login: Named[str] = Column(Text, primary_key=True)
    name: Named[str] = Column(Text)
    email: Named[str] = Column(Text)
    phone: Named[str] = Column(Text)


operators = _table("operators", OperatorColumns)


class GrantColumns(TypedColumns):
    """One role of one operator, for one location ID or `*`."""

    login: Named[str] = Column(Text, ForeignKey("operators.login"), primary_key=True)
    role: Named[str] = Column(Text, primary_key=True)
    location: Named[str] = Column(Text, primary_key=True)


grants = _table("grants", GrantColumns)


class EngagementColumns(TypedColumns):
    """Engagements; `definition` is what the catalogue said, read by `domain.catalogue.defined`."""

    id: Named[int] = Column(Key, primary_key=True)
    code: Named[str] = Column(Text, unique=True)
    position: Named[int] = Column(Integer)
    name: Named[str] = Column(Text)
    solution_area: Named[str] = Column(Text)
    definition: Named[str] = Column(Text)


engagements = _table("engagements", EngagementColumns)


class CustomerColumns(TypedColumns):
    """Customers. `sort_name` is the name as lists order it and filters compare it: without case and accents.

    Whoever renames a customer writes the names into `search` of its claims too.
    """

    id: Named[int] = Column(Key, primary_key=True)
    key: Named[str] = Column(Text, unique=True)
    name: Named[str] = Column(Text)
    country: Named[str | None] = Column(Text)
    sort_name: Named[str] = Column(SortName, index=True)


customers = _table("customers", CustomerColumns)


class IdentifierColumns(TypedColumns):
    """The IDs of customers, each with the facts known of it as JSON; for a domain, the tenant it belongs to.

    Opportunities are the MSX IDs: `acv`, `stage`, `open` and `country` are among their facts.
    """

    id: Named[int] = Column(Key, primary_key=True)
    customer_id: Named[int] = Column(Key, ForeignKey("customers.id"), index=True)
    id_type: Named[str] = Column(Text)
    value: Named[str] = Column(Text)
    tenant: Named[str | None] = Column(Text, index=True)
    facts: Named[str] = Column(Text)


identifiers = _table("identifiers", IdentifierColumns, UniqueConstraint("id_type", "value"))


class AskedTenantColumns(TypedColumns):
    """Domains whose tenant was asked for outside, with the answer (null: none) and when."""

    domain: Named[str] = Column(Text, primary_key=True)
    tenant: Named[str | None] = Column(Text)
    asked_at: Named[datetime] = Column(Instant)


asked_tenants = _table("asked_tenants", AskedTenantColumns)


class NominationColumns(TypedColumns):
    """The lines of the nomination lists."""

    engagement_id: Named[int] = Column(Key, ForeignKey("engagements.id"), primary_key=True)
    id_type: Named[str] = Column(Text, primary_key=True)
    value: Named[str] = Column(Text, primary_key=True)
    eligible: Named[bool] = Column(Boolean)
    why: Named[str] = Column(Text)


nominations = _table("nominations", NominationColumns)


class ClaimColumns(TypedColumns):
    """Claims. `terms` (JSON) are the days that the engagement gave when the claim was made.

    `next_due` is the instant at which the clock that runs lapses; `search` is what filters compare, the customer's name
    too; `slot` counts a customer's open claims on one engagement, so that the schema itself holds the limit; `version`
    rises with every change.
    """

    id: Named[int] = Column(Key, primary_key=True)
    number: Named[str] = Column(Text, unique=True)
    engagement_id: Named[int] = Column(Key, ForeignKey("engagements.id"))
    customer_id: Named[int] = Column(Key, ForeignKey("customers.id"), index=True)
    identifier_id: Named[int] = Column(Key, ForeignKey("identifiers.id"), index=True)
    name: Named[str] = Column(Text)
    origin: Named[str] = Column(Text)
    location_id: Named[str] = Column(Text, ForeignKey("locations.id"))
    id_type: Named[str] = Column(Text)
    id_value: Named[str] = Column(Text)
    tenant: Named[str | None] = Column(Text)
    mismatch_reason: Named[str] = Column(Text)
    status: Named[str] = Column(Text)
    status_since: Named[datetime] = Column(Instant)
    version: Named[int] = Column(Integer)
    slot: Named[int | None] = Column(Integer)
    on_page: Named[bool] = Column(Boolean)
    disputed: Named[bool] = Column(Boolean)
    terms: Named[str] = Column(Text)
    created_at: Named[datetime] = Column(Instant)
    created_by: Named[str] = Column(Text)
    consent_due: Named[datetime] = Column(Instant)
    consent_sent_at: Named[datetime | None] = Column(Instant)
    consent_at: Named[datetime | None] = Column(Instant)
    answer_given_by: Named[str] = Column(Text)
    submit_due: Named[datetime | None] = Column(Instant)
    submitted_at: Named[datetime | None] = Column(Instant)
    review_due: Named[datetime | None] = Column(Instant)
    dispute_due: Named[datetime | None] = Column(Instant)
    ended_at: Named[datetime | None] = Column(Instant)
    next_due: Named[datetime | None] = Column(Instant, index=True)
    hours: Named[int | None] = Column(Integer)
    payout: Named[int | None] = Column(BigInteger)
    payout_limited_by: Named[str] = Column(Text)
    payout_terms: Named[str] = Column(Text)
    deal_size: Named[int | None] = Column(BigInteger)
    contact_name: Named[str] = Column(Text)
    contact_email: Named[str] = Column(Text)
    contact_title: Named[str] = Column(Text)
    contact_phone: Named[str] = Column(Text)
    contact_language: Named[str] = Column(Text)
    partner_name: Named[str] = Column(Text)
    partner_email: Named[str] = Column(Text)
    partner_phone: Named[str] = Column(Text)
    search: Named[str] = Column(Text)


claims = _table(
    "claims",
    ClaimColumns,
    Index(None, "engagement_id", "customer_id"),
    Index(
        "ix_claims_filters", "status", "engagement_id", "location_id", "created_by", "next_due", "customer_id", "search"
    ),
)


class HistoryColumns(TypedColumns):
    """What happened, append only: to a claim, or (`claim_id` null) to the workspace. `changes` is JSON."""

    id: Named[int] = Column(Key, primary_key=True)
    claim_id: Named[int | None] = Column(Key, ForeignKey("claims.id"), index=True)
    at: Named[datetime] = Column(Instant)
    who: Named[str] = Column(Text)
    what: Named[str] = Column(Text)
    note: Named[str] = Column(Text)
    changes: Named[str] = Column(Text)


history = _table("history", HistoryColumns)


class MailColumns(TypedColumns):
    """The outbox: every mail to a customer as it is kept, its link masked, and how far it got.

    `next_at` is when a sender has to look at it: while it is being sent, the end of the `lease`; null once nothing is
    left to do. `handed` says that its text was begun to be handed over; `doubts` counts how often nobody knows whether
    it arrived.
    """

    id: Named[int] = Column(Key, primary_key=True)
    message_id: Named[str] = Column(Text, unique=True)
    claim_id: Named[int] = Column(Key, ForeignKey("claims.id"), index=True)
    kind: Named[str] = Column(Text)
    to_name: Named[str] = Column(Text)
    to_address: Named[str] = Column(Text)
    subject: Named[str] = Column(Text)
    text: Named[str] = Column(Text)
    html: Named[str] = Column(Text)
    asked_at: Named[datetime] = Column(Instant)
    asked_by: Named[str] = Column(Text)
    state: Named[str] = Column(Text, index=True)
    next_at: Named[datetime | None] = Column(Instant, index=True)
    lease: Named[str] = Column(Text)
    attempts: Named[int] = Column(Integer)
    handed: Named[bool] = Column(Boolean)
    doubts: Named[int] = Column(Integer)
    sent_at: Named[datetime | None] = Column(Instant)
    server_said: Named[str] = Column(Text)


mails = _table("mails", MailColumns)


class TokenColumns(TypedColumns):
    """The links that were mailed, each as the SHA-256 of its token; `voided_at` is set once one no longer holds."""

    hash: Named[str] = Column(Text, primary_key=True)
    claim_id: Named[int] = Column(Key, ForeignKey("claims.id"), index=True)
    mail_id: Named[int] = Column(Key, ForeignKey("mails.id"), index=True)
    made_at: Named[datetime] = Column(Instant)
    voided_at: Named[datetime | None] = Column(Instant)


tokens = _table("tokens", TokenColumns)


class AnswerColumns(TypedColumns):
    """The customers' answers, one for a claim and for ever, with what proves each.

    Given on the customer's page: `address` to `deadline` say how. Recorded by an operator: `recorded_by` is set, and
    `how` and `note` are the evidence. S-5g, S-5h
    """

    claim_id: Named[int] = Column(Key, ForeignKey("claims.id"), primary_key=True, autoincrement=False)
    decision: Named[str] = Column(Text)
    at: Named[datetime] = Column(Instant)
    name: Named[str] = Column(Text)
    role: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    recorded_by: Named[str] = Column(Text)
    how: Named[str] = Column(Text)
    note: Named[str] = Column(Text)
    address: Named[str] = Column(Text)
    agent: Named[str] = Column(Text)
    language: Named[str] = Column(Text)
    text_version: Named[str] = Column(Text)
    text_hash: Named[str] = Column(Text)
    token_hash: Named[str] = Column(Text)
    message_id: Named[str] = Column(Text)
    deadline: Named[datetime] = Column(Instant)


answers = _table("answers", AnswerColumns)


class FileColumns(TypedColumns):
    """The files attached as proof, each once by its SHA-256, so that a backup and every host has them."""

    sha256: Named[str] = Column(Text, primary_key=True)
    size: Named[int] = Column(Integer)
    content: Named[bytes] = Column(LargeBinary)


files = _table("files", FileColumns)


class ProofColumns(TypedColumns):
    """The proof items of claims: a file, or a survey that was recorded (`who`, `on_day`).

    What a later item of the same kind replaces stays, with `replaced_at`. S-6b
    """

    id: Named[int] = Column(Key, primary_key=True)
    claim_id: Named[int] = Column(Key, ForeignKey("claims.id"), index=True)
    kind: Named[str] = Column(Text)
    file_name: Named[str] = Column(Text)
    sha256: Named[str | None] = Column(Text, ForeignKey("files.sha256"))
    size: Named[int | None] = Column(Integer)
    who: Named[str] = Column(Text)
    on_day: Named[str] = Column(Text)
    recorded_by: Named[str] = Column(Text)
    at: Named[datetime] = Column(Instant)
    replaced_at: Named[datetime | None] = Column(Instant)


proofs = _table("proofs", ProofColumns)


class DecisionColumns(TypedColumns):
    """The review's decisions, append only: the status that each named, its day, and whether it was imported. S-6c"""

    id: Named[int] = Column(Key, primary_key=True)
    claim_id: Named[int] = Column(Key, ForeignKey("claims.id"))
    status: Named[str] = Column(Text)
    decided_on: Named[str] = Column(Text)
    note: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    who: Named[str] = Column(Text)
    at: Named[datetime] = Column(Instant)


decisions = _table("decisions", DecisionColumns, Index(None, "claim_id", "status", "decided_on"))


class ReferralColumns(TypedColumns):
    """The referrals made from claims, at most one for a claim; `co_sell_since` is when field sellers first saw it."""

    id: Named[int] = Column(Key, primary_key=True)
    number: Named[str] = Column(Text, unique=True)
    claim_id: Named[int] = Column(Key, ForeignKey("claims.id"), unique=True)
    made_at: Named[datetime] = Column(Instant)
    co_sell_since: Named[datetime | None] = Column(Instant)


referrals = _table("referrals", ReferralColumns)


class ReferralCheckColumns(TypedColumns):
    """How each look at a claim for a referral ended, with every condition and whether it held, as JSON. S-7d"""

    id: Named[int] = Column(Key, primary_key=True)
    claim_id: Named[int] = Column(Key, ForeignKey("claims.id"), index=True)
    question: Named[str] = Column(Text)
    at: Named[datetime] = Column(Instant)
    held: Named[bool] = Column(Boolean)
    conditions: Named[str] = Column(Text)


referral_checks = _table("referral_checks", ReferralCheckColumns)


class DraftColumns(TypedColumns):
    """What an operator had typed into a wizard, step by step, as JSON."""

    login: Named[str] = Column(Text, primary_key=True)
    wizard: Named[str] = Column(Text, primary_key=True)
    step: Named[str] = Column(Text)
    content: Named[str] = Column(Text)
    kept_at: Named[datetime] = Column(Instant)


drafts = _table("drafts", DraftColumns)


class PreferenceColumns(TypedColumns):
    """What the program remembers for an operator: sort, columns, filter of each list, as JSON."""

    login: Named[str] = Column(Text, primary_key=True)
    key: Named[str] = Column(Text, primary_key=True)
    value: Named[str] = Column(Text)


preferences = _table("preferences", PreferenceColumns)


class StandingColumns(TypedColumns):
    """A projection: one row per line of the Customers pages, written by `standing.refresh` alone.

    `claim_id` is 0 for a customer's own row; `identifier_id` is the ID by which that customer would be requested.
    """

    engagement_id: Named[int] = Column(Key, primary_key=True)
    tab: Named[int] = Column(Integer, primary_key=True)
    sort_name: Named[str] = Column(SortName, primary_key=True)
    customer_id: Named[int] = Column(Key, primary_key=True)
    claim_id: Named[int] = Column(Key, primary_key=True)
    identifier_id: Named[int] = Column(Key)


standing = _table("standing", StandingColumns, sqlite_with_rowid=False)
