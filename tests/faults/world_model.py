"""What becomes of a few customers on a few engagements, once more: their pages (S-2) and the mails to them (S-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.faults.claim_model import Claim, Offer, day_of, refuse

MAX_REMINDERS = 2
"""Fewer than the program's own five: the workspace sets it."""

Tabs = list[set[tuple[int, int | None, str]]]
"""The rows of the three tabs: customer, claim by its place in the order (None: the customer's own row), action."""


@dataclass(eq=False)
class Mail:
    """A mail of a claim; its link is `void` once it holds no longer."""

    claim: Claim
    address: str
    at: datetime
    kind: str
    state: str = "waiting"
    void: bool = False


class World:
    """Engagements, claims and mails in the order in which they were made. What is refused raises `No`.

    What follows from a change by itself follows with `settle`.
    """

    def __init__(self, now: datetime, offers: dict[str, Offer]) -> None:
        self.now, self.offers = now, offers
        self.claims: list[Claim] = []
        self.mails: list[Mail] = []
        self._shown: dict[Claim, bool] = {}

    def settle(self) -> None:
        """What is due lapses; who never agreed and says no, or nothing, leaves the page; no mail goes out for nothing.

        S-10, S-2f
        """
        for claim in self.claims:
            claim.passes(self.now)
            if claim.status in ("consent_declined", "consent_expired"):
                self._shown.setdefault(claim, self.knows(claim.customer, claim.since))
            if claim.status != "awaiting_consent":
                self._stop(claim)

    def shown(self, claim: Claim) -> bool:
        """Whether a claim stands on its page. S-2f"""
        return self._shown.get(claim, True)

    def knows(self, customer: int, at: datetime) -> bool:
        """Whether a consent is on record that was given by then."""
        return any(c.customer == customer and c.consent_at is not None and c.consent_at <= at for c in self.claims)

    def tabs(self, code: str) -> Tabs:
        """The Customers page. S-2a, S-2b, S-2c, S-2e, S-2f"""
        tabs: Tabs = [set(), set(), set()]
        for place, claim in enumerate(self.claims):
            if claim.code == code and self.shown(claim):
                tabs[0 if claim.moves else 2].add((claim.customer, place, claim.action))
        for customer in {claim.customer for claim in self.claims if self.knows(claim.customer, self.now)}:
            fits = self._fits(customer, code)
            tabs[0 if fits else 1].add((customer, None, "request-customer" if fits else "-"))
        return tabs

    def _fits(self, customer: int, code: str) -> bool:
        """Whether the limits leave room, and the engagement runs. S-6e"""
        offer, mine = self.offers[code], [c for c in self.claims if (c.customer, c.code) == (customer, code)]
        active, approved = sum(bool(c.moves) for c in mine), sum(c.status == "approved" for c in mine)
        return active < offer.active and active + approved < offer.total and day_of(self.now) <= offer.ends

    def make(self, known: bool, customer: int, codes: Sequence[str], address: str) -> None:
        """Added is whom nobody knows and who has no open claim there; requested who stands in Eligible. S-2g, S-4a"""
        there = {claim.code for claim in self.claims if claim.customer == customer and claim.moves}
        fits = all(self._fits(customer, code) and (known or code not in there) for code in codes)
        refuse(not_eligible=not fits or self.knows(customer, self.now) is not known)
        self.claims += [Claim(code, customer, self.offers[code], address, self.now) for code in codes]

    def send(self, claim: Claim, address: str, deal_size: int) -> None:
        """S-5c, S-5d"""
        claim.step("send", self.now)
        claim.deal_size = deal_size
        self._write(claim, address)

    def remind(self, claim: Claim, address: str) -> None:
        """One mail a day and few reminders, where somebody was written to; elsewhere no earlier link holds. S-5e"""
        mine = [mail for mail in self.mails if mail.claim is claim]
        counted = [mail for mail in mine if mail.state not in ("failed", "cancelled")]
        there = [mail.at for mail in counted if mail.address == address]
        refuse(
            wrong_state="accepted" not in claim.moves,
            too_soon=bool(there) and self.now < max(there) + timedelta(hours=24),
            too_many=bool(there) and sum(mail.kind == "reminder" for mail in counted) >= MAX_REMINDERS,
        )
        if address != claim.address:
            self._stop(claim)
            for mail in mine:
                mail.void = True
        self._write(claim, address)

    def _write(self, claim: Claim, address: str) -> None:
        again = any(
            mail.claim is claim and mail.address == address and mail.state not in ("failed", "cancelled")
            for mail in self.mails
        )
        self.mails.append(Mail(claim, address, self.now, "reminder" if again else "consent"))
        claim.address = address

    def _stop(self, claim: Claim) -> None:
        for mail in self.mails:
            if mail.claim is claim and mail.state == "waiting":
                mail.state = "cancelled"

    def deliver(self, refused: int) -> list[Mail]:
        """Everything that waits goes out, in its order, but the first ones, which the server refuses."""
        waiting = [mail for mail in self.mails if mail.state == "waiting"]
        for place, mail in enumerate(waiting):
            mail.state, mail.void = ("failed", True) if place < refused else ("sent", False)
        return waiting[refused:]

    def click(self, mail: Mail, decision: str) -> None:
        """A link takes one answer for ever; `void` where it shows nothing. S-5g"""
        claim = mail.claim
        refuse(void=mail.void or not (claim.answered or decision in claim.moves))
        refuse(wrong_state=claim.answered not in ("", decision))
        if not claim.answered:
            claim.answer(decision, day_of(self.now), self.now)
