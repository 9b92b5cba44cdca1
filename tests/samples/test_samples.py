"""The sample workspace: made up throughout, right in form, and consistent on whatever day it is made."""

import csv
import io
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from mci_tui import samples
from mci_tui.domain.catalogue import read_catalogue
from mci_tui.domain.cells import Value
from mci_tui.domain.claims import OPEN, Status
from mci_tui.domain.eligibility import Customer, CustomerId, Nomination, PairClaim, request_by
from mci_tui.domain.engagements import Engagement, Fact
from mci_tui.domain.ids import IdType, normal_id
from mci_tui.domain.tables import KINDS, facts_of

Line = dict[str, Value]

TODAY = date(2026, 11, 23)
DAYS = [
    TODAY,
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2027, 1, 1),
    date(2027, 12, 31),
    date(2028, 2, 29),
    date(2028, 6, 30),
    date(2028, 7, 1),
    date(2029, 3, 1),
]
TABLES = [kind for kind in samples.KINDS if kind != "catalogue"]


@cache
def engagements(today: date = TODAY) -> dict[str, Engagement]:
    return {engagement.code: engagement for engagement, _definition in read_catalogue(samples.text("catalogue", today))}


@cache
def lines(kind: str, today: date = TODAY) -> list[Line]:
    """The lines of a sample table, every cell read as the importer reads it."""
    found = []
    for row in csv.DictReader(io.StringIO(samples.text(kind, today))):
        line: Line = {}
        for name, cell in row.items():
            column = KINDS[kind].find(name)
            assert column is not None, f"{kind} has no column {name}"
            assert cell or not column.required, f"{kind}: {name} is empty in {row}"
            line[name] = column.parse(cell) if cell else None
        found.append(line)
    return found


def stored_id(line: Mapping[str, Value]) -> tuple[IdType, str]:
    id_type = IdType(str(line["id_type"]))
    return id_type, normal_id(id_type, str(line["id_value"]))


def day(line: Line, column: str) -> date:
    value = line[column]
    assert isinstance(value, date), f"{line['claim_id']} ({line['status']}) has no {column}"
    return value


def known_before(line: Line, today: date = TODAY) -> list[Line]:
    """The customer's consented claims when this one was made, the latest consent first."""
    mine = [c for c in lines("claims", today) if c["customer"] == line["customer"] and c["consent_on"] is not None]
    earlier = [c for c in mine if day(c, "consent_on") <= day(line, "created_on")]
    return sorted(earlier, key=lambda c: day(c, "consent_on"), reverse=True)


class TestCounts:
    def test_twelve_engagements_over_three_solution_areas(self) -> None:
        areas = Counter(engagement.solution_area for engagement in engagements().values())
        assert areas == {"Security": 4, "AI Business Solutions": 4, "Cloud & AI Platforms": 4}

    def test_sixty_customers_with_a_hundred_and_fifty_ids(self) -> None:
        assert len({line["customer"] for line in lines("directory")}) == 60
        assert len({stored_id(line) for line in lines("directory")}) == len(lines("directory")) == 150

    def test_four_locations_and_a_global_id(self) -> None:
        usable = [line for line in lines("locations") if not line["global"]]
        assert [line["enrolled"] for line in usable] == [True, True, True, False]
        assert sum(line["global"] is True for line in lines("locations")) == 1

    def test_claims_in_every_status_and_on_every_engagement(self) -> None:
        """S-6"""
        claims = lines("claims")
        assert {line["status"] for line in claims} == set(Status)
        assert min(Counter(line["engagement"] for line in claims).values()) >= 3
        assert Counter(line["engagement"] for line in claims).keys() == engagements().keys()

    def test_about_two_thirds_of_the_customers_are_known(self) -> None:
        known = {line["customer"] for line in lines("claims") if line["consent_on"] is not None}
        assert 35 <= len(known) <= 45

    def test_two_engagements_go_by_a_nomination_list(self) -> None:
        listed = {engagement.code for engagement in engagements().values() if engagement.nomination_list}
        assert len(listed) == 2
        assert {line["engagement"] for line in lines("nominations")} == listed


class TestForm:
    @pytest.mark.parametrize("kind", TABLES)
    def test_every_table_has_the_columns_and_cells_of_its_kind(self, kind: str) -> None:
        """S-11a"""
        assert lines(kind)
        assert all(not KINDS[kind].check(line) for line in lines(kind))

    def test_claims_carry_no_column_that_an_import_would_ignore(self) -> None:
        assert {column.name for column in KINDS["claims"].columns} == lines("claims")[0].keys()

    def test_an_id_belongs_to_one_customer(self) -> None:
        owners = defaultdict(set)
        for line in (*lines("directory"), *lines("claims")):
            owners[stored_id(line)].add(line["customer"])
        for line in lines("opportunities"):
            owners[IdType.MSX, normal_id(IdType.MSX, str(line["msx_id"]))].add(line["customer"])
        assert all(len(customers) == 1 for customers in owners.values())

    def test_a_customer_has_one_name_in_every_file(self) -> None:
        names = defaultdict(set)
        for line in (*lines("directory"), *lines("claims"), *lines("opportunities")):
            names[line["customer"]].add(line["customer_name"])
        assert all(len(found) == 1 for found in names.values())

    def test_claims_and_nominations_use_ids_that_the_engagement_accepts_and_the_files_know(self) -> None:
        """S-3b"""
        known = {stored_id(line) for line in lines("directory")}
        known |= {(IdType.MSX, str(line["msx_id"])) for line in lines("opportunities")}
        for line in (*lines("claims"), *lines("nominations")):
            assert stored_id(line) in known
            assert stored_id(line)[0] in engagements()[str(line["engagement"])].id_types

    def test_claim_numbers_rise_with_the_day_of_creation(self) -> None:
        claims = lines("claims")
        assert [line["claim_id"] for line in claims] == [f"CLM-{301 + n:06d}" for n in range(len(claims))]
        created = [day(line, "created_on") for line in claims]
        assert created == sorted(created)

    def test_names_come_in_many_scripts_and_with_awkward_marks(self) -> None:
        names = " ".join(sorted({str(line["customer_name"]) for line in lines("directory")}))
        for block in (
            "[Ͱ-Ͽ]",
            "[Ѐ-ӿ]",
            "[֐-׿]",
            "[؀-ۿ]",
            "[一-鿿]",
            "[ぁ-ん]",
            "[가-힣]",
            "[À-ÿ]",
            r"\[",
            r"\]",
            "'",
            '"',
            "&",
            ",",
        ):
            assert re.search(block, names), block
        assert max(len(str(line["customer_name"])) for line in lines("directory")) > 100


class TestMadeUp:
    @pytest.mark.parametrize("kind", samples.KINDS)
    def test_every_domain_is_one_kept_for_examples(self, kind: str) -> None:
        found = re.findall(r"(?:@|//)([^\s,\"/]+)", samples.text(kind, TODAY))
        found += [str(line["id_value"]) for line in lines("directory") if line["id_type"] == "domain"]
        assert all(re.search(r"(^|\.)example\.(com|org|net)$", domain) for domain in found)

    def test_guids_msx_ids_and_phone_numbers_show_that_they_are_invented(self) -> None:
        guids = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", "".join(samples.text(kind, TODAY) for kind in TABLES))
        assert all(re.match("(11111111-2222-4333-8444|55555555-6666-4777-8888)-0", guid) for guid in guids)
        assert all(str(line["msx_id"]).startswith("7-DEMO") for line in lines("opportunities"))
        reserved = ("+49 30 23125 1", "+33 1 99 00 ", "+46 8 465 004 ", "+44 20 7946 0", "+1 202 555 01", "+61 2 5550 ")
        phones = {line["contact_phone"] for line in lines("claims")} | {
            line["partner_phone"] for line in lines("claims")
        }
        assert all(str(phone).startswith(reserved) for phone in phones if phone is not None)

    def test_the_catalogue_and_each_of_its_summaries_say_that_they_are_fictional(self) -> None:
        assert "FICTIONAL" in samples.text("catalogue", TODAY).splitlines()[0]
        assert all(engagement.summary.startswith("Fictional sample.") for engagement in engagements().values())

    def test_partner_people_write_from_the_sample_partner_only(self) -> None:
        mails = [line["partner_email"] for line in lines("claims")] + [line["email"] for line in lines("operators")]
        assert all(str(mail).endswith(f"@{samples.PARTNER_DOMAIN}") for mail in mails)
        assert not any(str(line["contact_email"]).endswith(samples.PARTNER_DOMAIN) for line in lines("claims"))


Check = Callable[[Line, Engagement, date], bool]


def _after(days: int) -> timedelta:
    return timedelta(days=days)


def _consent_still_possible(claim: Line, engagement: Engagement, today: date) -> bool:
    return day(claim, "created_on") + _after(engagement.consent_days) >= today


def _dispute_still_possible(claim: Line, engagement: Engagement, today: date) -> bool:
    return day(claim, "submitted_on") + _after(engagement.dispute_days) > today


def _always(_claim: Line, _engagement: Engagement, _today: date) -> bool:
    return True


DATES: dict[Status, tuple[str, Check]] = {
    Status.CUSTOMER_CLAIMED: ("", _consent_still_possible),
    Status.AWAITING_CONSENT: ("", _consent_still_possible),
    Status.CONSENT_RECEIVED: ("consent", lambda c, e, today: day(c, "consent_on") + _after(e.submit_days) >= today),
    Status.SUBMITTED: ("consent submitted", _always),
    Status.UNDER_REVIEW: ("consent submitted", _always),
    Status.ACTION_REQUIRED: (
        "consent submitted",
        lambda c, e, today: day(c, "consent_on") + _after(e.review_days) >= today,
    ),
    Status.REJECTED: ("consent submitted", _dispute_still_possible),
    Status.DISPUTED: ("consent submitted", _dispute_still_possible),
    Status.APPROVED: ("consent submitted ended", _always),
    Status.REJECTED_FINAL: ("consent submitted ended", _always),
    Status.CANCELLED: ("ended", _always),
    Status.CONSENT_DECLINED: (
        "ended",
        lambda c, e, today: day(c, "ended_on") <= day(c, "created_on") + _after(e.consent_days),
    ),
    Status.CONSENT_EXPIRED: (
        "ended",
        lambda c, e, today: day(c, "ended_on") == day(c, "created_on") + _after(e.consent_days + 1),
    ),
    Status.NOT_SUBMITTED_EXPIRED: (
        "consent ended",
        lambda c, e, today: day(c, "ended_on") == day(c, "consent_on") + _after(e.submit_days + 1),
    ),
    Status.POST_SUBMISSION_EXPIRED: (
        "consent submitted ended",
        lambda c, e, today: day(c, "ended_on") == day(c, "consent_on") + _after(e.review_days + 1),
    ),
    Status.DISPUTED_EXPIRED: (
        "consent submitted ended",
        lambda c, e, today: day(c, "ended_on") > day(c, "submitted_on") + _after(e.dispute_days),
    ),
}
"""Per status: the dates that a claim in it has besides its creation, and what must be true of them. S-6, S-10"""


@pytest.mark.parametrize("today", DAYS, ids=str)
class TestDates:
    def test_most_engagements_run_and_one_has_ended(self, today: date) -> None:
        found = engagements(today).values()
        assert sum(engagement.active(today) for engagement in found) == 11
        assert [engagement.code for engagement in found if engagement.ends_on < today] == [
            "security-operations-workshop"
        ]

    def test_a_claim_has_the_dates_of_its_status_and_no_others(self, today: date) -> None:
        for claim in lines("claims", today):
            status = Status(str(claim["status"]))
            filled = {name for name in ("consent", "submitted", "ended") if claim[f"{name}_on"] is not None}
            optional = {"consent"} if status is Status.CANCELLED else set()
            assert filled - optional == set(DATES[status][0].split()), claim

    def test_a_claim_fits_the_days_of_its_engagement(self, today: date) -> None:
        """S-10"""
        for claim in lines("claims", today):
            engagement = engagements(today)[str(claim["engagement"])]
            assert engagement.active(day(claim, "created_on")), claim
            assert DATES[Status(str(claim["status"]))][1](claim, engagement, today), claim

    def test_dates_follow_each_other_and_none_lies_ahead(self, today: date) -> None:
        for claim in lines("claims", today):
            engagement = engagements(today)[str(claim["engagement"])]
            stages = [claim[name] for name in ("created_on", "consent_on", "submitted_on", "ended_on")]
            dates = [value for value in stages if isinstance(value, date)]
            assert dates == sorted(dates)
            assert dates[-1] < today
            if claim["consent_on"] is not None:
                assert day(claim, "consent_on") <= day(claim, "created_on") + _after(engagement.consent_days)
            if claim["submitted_on"] is not None:
                assert day(claim, "submitted_on") <= day(claim, "consent_on") + _after(engagement.submit_days)

    def test_some_things_are_due_today_and_some_in_weeks(self, today: date) -> None:
        left = set()
        for claim in lines("claims", today):
            engagement = engagements(today)[str(claim["engagement"])]
            if claim["status"] in ("customer_claimed", "awaiting_consent"):
                left.add((day(claim, "created_on") + _after(engagement.consent_days) - today).days)
            if claim["status"] == "consent_received":
                left.add((day(claim, "consent_on") + _after(engagement.submit_days) - today).days)
        assert {0, 1, 2} <= left
        assert max(left) > 100

    def test_the_files_written_are_the_files_told(self, today: date, tmp_path: Path) -> None:
        paths = samples.write_files(tmp_path, today)
        assert list(paths) == list(samples.KINDS)
        assert all(path.read_text(encoding="utf-8") == samples.text(kind, today) for kind, path in paths.items())
        assert tomllib.loads(paths["catalogue"].read_text(encoding="utf-8"))["format"] == 1


class TestStories:
    def test_a_claim_was_requested_exactly_where_the_customer_could_be(self) -> None:
        """S-2g, S-4b, S-4c"""
        for claim in lines("claims"):
            engagement = engagements()[str(claim["engagement"])]
            usable = [c for c in known_before(claim) if engagement.msx_only or stored_id(c)[0] in engagement.id_types]
            assert (claim["origin"] == "requested") is bool(usable), claim
            if usable and not engagement.msx_only:
                assert stored_id(claim) == stored_id(usable[0]), claim

    def test_a_tenant_that_is_not_the_mail_domains_has_its_reason(self) -> None:
        """S-3e"""
        tenants = {line["id_value"]: line["tenant_id"] for line in lines("directory") if line["id_type"] == "domain"}
        by_tenant = [claim for claim in lines("claims") if claim["id_type"] == "tenant"]
        odd = [c for c in by_tenant if tenants.get(str(c["contact_email"]).partition("@")[2]) != c["id_value"]]
        assert len(odd) == 2
        assert [claim for claim in lines("claims") if claim["reason"] is not None] == odd

    def test_claims_stay_within_the_limits_of_their_engagement(self) -> None:
        """S-6e"""
        active = Counter((c["engagement"], c["customer"]) for c in lines("claims") if c["status"] in OPEN)
        approved = Counter((c["engagement"], c["customer"]) for c in lines("claims") if c["status"] == "approved")
        for code, customer in active | approved:
            engagement, both = engagements()[str(code)], active[code, customer] + approved[code, customer]
            assert active[code, customer] <= (engagement.max_active_claims or both)
            assert both <= (engagement.max_total_claims or both)

    def test_hours_belong_to_variable_pay_and_a_deal_size_to_what_was_sent(self) -> None:
        """S-3f, S-5c"""
        for claim in lines("claims"):
            payout = engagements()[str(claim["engagement"])].payout
            hours = claim["hours"]
            if payout.min_hours is None or payout.max_hours is None:
                assert hours is None
            else:
                assert isinstance(hours, int)
                assert payout.min_hours <= hours <= payout.max_hours
            if claim["status"] != "consent_expired":
                assert (claim["deal_size_usd"] is None) is (claim["status"] == "customer_claimed")

    def test_newly_added_and_known_customers_both_declined(self) -> None:
        """S-2f"""
        unanswered = [c for c in lines("claims") if c["status"] in ("consent_declined", "consent_expired")]
        assert {bool(known_before(claim)) for claim in unanswered} == {True, False}
        later = {claim["customer"] for claim in lines("claims") if claim["consent_on"] is not None}
        assert any(claim["customer"] in later and not known_before(claim) for claim in unanswered)


def _opportunity(line: Line) -> CustomerId:
    value = str(line["msx_id"])
    told = {**facts_of(line), "acv": line["acv_usd"]} | {name: line[name] for name in ("stage", "open", "country")}
    return CustomerId(IdType.MSX, value, _known(told), row=int(value[-6:]))


def _known(facts: Mapping[str, Value]) -> dict[str, Fact]:
    return {name: fact for name, fact in facts.items() if isinstance(fact, Fact)}


def _customer_id(line: Line) -> CustomerId:
    """The ID of a claim with the facts that the directory has of it, or of the tenant that its domain belongs to."""
    id_type, value = stored_id(line)
    if id_type is IdType.MSX:
        return next(_opportunity(found) for found in lines("opportunities") if found["msx_id"] == value)
    known = {stored_id(found): found for found in lines("directory")}
    tenant = str(known[id_type, value]["tenant_id"]) if id_type is IdType.DOMAIN else None
    source = known[IdType.TENANT, tenant] if tenant else known[id_type, value]
    return CustomerId(id_type, value, _known({**facts_of(source), "country": source["country"]}), tenant)


@pytest.mark.parametrize("code", sorted(engagements()))
def test_every_engagement_has_eligible_customers_and_others_for_several_reasons(code: str) -> None:
    """S-2b, S-2c, S-11d"""
    engagement = engagements()[code]
    listed: dict[tuple[str, str], Nomination] = {
        stored_id(line): Nomination(line["eligible"] is True, str(line["reason"] or ""))
        for line in lines("nominations")
        if line["engagement"] == code
    }
    consented = defaultdict(list)
    for claim in sorted(lines("claims"), key=lambda c: str(c["consent_on"]), reverse=True):
        if claim["consent_on"] is not None:
            consented[claim["customer"]].append(_customer_id(claim))
    eligible, reasons = 0, set()
    for customer, ids in consented.items():
        mine = [c for c in lines("claims") if (c["engagement"], c["customer"]) == (code, customer)]
        claims = [PairClaim(1, Status(str(c["status"])), opportunity=_customer_id(c).row) for c in mine]
        offers = [_opportunity(line) for line in lines("opportunities") if line["customer"] == customer]
        _by, why = request_by(engagement, Customer(1, True, ids, offers), claims, listed.get)
        eligible += not why
        reasons |= {(found.code, found.params.get("text")) for found in why}
    assert eligible >= 2
    assert len(reasons) >= 2
