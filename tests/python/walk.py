"""Walks a PIP case from the referral to the decision, and asks before each step whether the payment may be stopped.

Knows nothing but the suite's address and its parties' tokens: the contracts come through reflection. Usage:
walk.py ADDRESS, with the tokens on standard input as one JSON object, by party.
"""

import datetime
import json
import sys
import uuid

import grpc
from suite import Suite, is_permitted, patiently

VISITING = "visiting.v1.VisitingService"
CONFERENCING = "conferencing.v1.ConferencingService"
ESCALATION = "safeguarding.v1.EscalationService"
PROTECTION = "safeguarding.v1.ProtectionService"
LATE = "Recorded to try it out."


def days_ago(days):
    """Ten o'clock on a weekday, this many days ago or a little more."""
    day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
    while day.weekday() >= 5:
        day -= datetime.timedelta(days=1)
    return day.strftime("%Y-%m-%dT10:00:00Z")


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Walk:
    """One case, and the payer who asks about its award."""

    def __init__(self, suite):
        self.suite = suite
        # Digits only: with letters among them, some would read like a National Insurance number.
        self.telling = str(uuid.uuid4().int % 10**12)
        self.steps = 0
        award = {"customer": f"C-{self.telling}", "benefit": "BENEFIT_PIP", "award": f"A-{self.telling}"}
        self.question = {"award": award, "action": "ACTION_STOP", "ground": "ACTION_GROUND_NON_ATTENDANCE"}
        self.case = None

    def request_id(self):
        self.steps += 1
        return f"python-{self.telling}-{self.steps}"

    def does(self, party, method, **request):
        """A party records something of the case."""
        if self.case:
            request["case_reference"] = self.case
        return self.suite.call(party, method, request_id=self.request_id(), **request)

    def etag(self, reader):
        return self.suite.call("ces-team", reader, case_reference=self.case)["effect"]["etag"]

    def arrived(self, reader, stage=None):
        """The case, once it is where `reader` reads it, and at a stage if one is given."""

        def look():
            try:
                return self.suite.call("ces-team", reader, case_reference=self.case)
            except grpc.RpcError as fault:
                if fault.code() != grpc.StatusCode.NOT_FOUND:
                    raise
                return {}

        def is_there(seen):
            return bool(seen) and (stage is None or seen["case"]["stage"] == stage)

        return patiently(look, is_there)

    def check(self, **other):
        """The check's reply, and whether it permits."""
        asked = self.question | other
        reply = self.suite.call("payments", f"{PROTECTION}/CheckAction", question=asked)
        return reply, is_permitted(asked, reply["answer"])

    def permitted(self, *advisories):
        """The payment may be stopped, and exactly this is told beside it."""

        def wanted(seen):
            told = [advisory["kind"] for advisory in seen[0]["answer"].get("advisories", [])]
            return seen[1] and told == list(advisories)

        return patiently(self.check, wanted)[0]

    def prohibited(self, ground, *rules):
        """The payment must not be stopped, on a ground and because of rules whose texts are told."""

        def held_on_ground(answer):
            return [reason for reason in answer.get("reasons", []) if reason.get("ground") == ground]

        reply, _ = patiently(self.check, lambda seen: not seen[1] and held_on_ground(seen[0]["answer"]))
        for held in held_on_ground(reply["answer"]):
            assert (held["kind"], held["case_reference"]) == ("REASON_KIND_HELD", self.case), held
            assert set(rules) <= set(held["rules"]), held
        for rule in rules:
            cited = [citation for citation in reply["citations"] if citation["rule"] == rule]
            assert len(cited) == 1 and cited[0]["paragraph"] and cited[0]["requires"], reply
        assert "decision_id" not in reply["answer"] and "valid_for" not in reply["answer"], reply
        # A suspended payment is a stopped one.
        assert not self.check(action="ACTION_SUSPEND", ground="ACTION_GROUND_UNSPECIFIED")[1]
        confirmed = self.suite.call(
            "payments", f"{PROTECTION}/ConfirmAction", request_id=self.request_id(), question=self.question
        )
        assert not is_permitted(self.question, confirmed["answer"]), confirmed
        return reply

    def questions_that_say_nothing(self):
        """Whatever is missing or unknown is an answer, and prohibits."""
        award = self.question["award"]
        for lacking in ({"award": None}, {"award": award | {"customer": ""}}, {"action": None}, {"action": 99}):
            asked = {name: said for name, said in (self.question | lacking).items() if said is not None}
            reply = self.suite.call("payments", f"{PROTECTION}/CheckAction", question=asked)
            assert reply["answer"]["decision"] == "DECISION_PROHIBITED", reply
            assert reply["answer"]["reasons"][0]["kind"] == "REASON_KIND_NOT_RECOGNISED", reply
        self.suite.refused(grpc.StatusCode.INVALID_ARGUMENT, "payments", f"{PROTECTION}/BatchCheckActions")
        asked = [self.question, self.question | {"action": "ACTION_REDUCE"}]
        answers = self.suite.call("payments", f"{PROTECTION}/BatchCheckActions", questions=asked)["answers"]
        assert [answer["question"] for answer in answers] == asked, answers

    def visits(self):
        refer = {"place": {"nation": "NATION_ENGLAND", "area": "Leeds"}, "circumstances": "No reply to two letters."}
        opened = self.does(
            "referrer",
            f"{VISITING}/ReferForVisit",
            award=self.question["award"],
            occurred_at=days_ago(42),
            late_reason=LATE,
            **refer,
        )
        self.case = opened["referral"]["case_reference"]
        self.permitted("ADVISORY_KIND_OPEN_REFERRAL")
        self.visit(38)
        self.permitted("ADVISORY_KIND_OPEN_REFERRAL")
        self.visit(22)
        self.prohibited("HOLD_GROUND_TWO_INEFFECTIVE_VISITS", "PIP-6")

    def visit(self, days):
        ground = {"ground": "INEFFECTIVE_GROUND_NO_ANSWER", "letter": "LETTER_LEFT_LEFT", "account": "No answer."}
        visit = {"occurred_at": days_ago(days), "ineffective": ground}
        self.does("visiting-officer", f"{VISITING}/RecordVisit", visit=visit, late_reason=LATE)

    def enquiries(self):
        self.arrived(f"{CONFERENCING}/GetCase", "STAGE_ASSURANCE")
        tasks = self.suite.call("ces-team", "tasks.v1.TaskService/ListTasks", case_reference=self.case)["tasks"]
        note = next(task["name"] for task in tasks if "prescribed-note" in task["name"])
        note = {"task": note, "occurred_at": now(), "system": "PIPCS", "reference": "NOTE-8"}
        self.suite.call("ces-team", "tasks.v1.TaskService/CompleteTask", request_id=self.request_id(), **note)
        marker = {"support_marker": "SUPPORT_MARKER_PUT_ON", "reason": "Letters stay unanswered."}
        self.does("ces-team", f"{CONFERENCING}/ConsiderSupportMarker", **marker)
        for item in ("CIRCUMSTANCES", "PREVIOUS_INTERACTIONS", "DOCUMENTS", "THIRD_PARTIES"):
            finding = {"item": f"ASSURANCE_ITEM_{item}", "result": "FINDING_RESULT_REVIEWED"}
            finding |= {"occurred_at": now(), "account": "Read."}
            self.does("ces-team", f"{CONFERENCING}/RecordAssuranceFinding", finding=finding)
        further = {"further_information": "FURTHER_INFORMATION_REQUIRED", "reason": "A GP letter is missing."}
        self.does("ces-team", f"{CONFERENCING}/RequireFurtherInformation", **further)
        there = [{"person": "ces-team", "role": "ROLE_CES_TEAM"}, {"person": "referrer", "role": "ROLE_REFERRER"}]
        there.append({"person": "sw-4", "organisation": "ORGANISATION_SOCIAL_SERVICES"})
        conference = {"occurred_at": now(), "participants": there, "account": "All facts."}
        self.does("ces-team", f"{CONFERENCING}/RecordConference", conference=conference)
        self.prohibited("HOLD_GROUND_TWO_INEFFECTIVE_VISITS", "PIP-6")
        said = {"satisfaction": "SATISFACTION_SATISFIED", "concern": "CONCERN_IDENTIFIED", "reasons": "Alone, unwell."}
        etag = self.etag(f"{CONFERENCING}/GetCase")
        self.does("ces-team", f"{CONFERENCING}/RecordDetermination", etag=etag, **said)
        self.prohibited("HOLD_GROUND_CONCERN_DETERMINED", "PIP-14", "GEN-2")

    def concern(self):
        self.arrived(f"{ESCALATION}/GetEscalation")
        leader = {"person": "safeguarding-leader", "office": "SSL-Leeds", "since": "2026-01-01T00:00:00Z"}
        named = {"request_id": self.request_id(), "area": "Leeds", "leader": leader}
        self.suite.call("operator", "safeguarding.v1.DirectoryService/SetLeader", **named)
        attempt = {"occurred_at": now(), "whom": "CONTACT_THROUGH_SOCIAL_SERVICES"}
        attempt |= {"channel": "ATTEMPT_CHANNEL_TELEPHONE", "outcome": "ATTEMPT_OUTCOME_REACHED"}
        self.does("ces-team", f"{ESCALATION}/RecordContactAttempt", attempt=attempt, account="They will call.")
        self.does("ces-team", f"{ESCALATION}/ReferToLeader", asked="Please liaise with the council.")
        next_week = (datetime.date.today() + datetime.timedelta(days=7)).isoformat()
        self.does("safeguarding-leader", f"{ESCALATION}/SetReviewDate", review_on=next_week)
        review = {"occurred_at": now(), "next_steps": "Support is in place."}
        self.does("safeguarding-leader", f"{ESCALATION}/RecordReview", **review)
        self.prohibited("HOLD_GROUND_CONCERN_DETERMINED", "PIP-14", "GEN-2")
        steps = {"etag": self.etag(f"{ESCALATION}/GetEscalation"), "steps": "Social services visited."}
        self.does("safeguarding-leader", f"{ESCALATION}/ConcludeEscalation", **steps)

    def decision(self):
        self.arrived(f"{CONFERENCING}/GetCase", "STAGE_CLOSING_NOTE_DUE")
        note = {"occurred_at": now(), "system": "PIPCS", "reference": "NOTE-17"}
        self.does("ces-team", f"{CONFERENCING}/RecordClosingNote", **note)
        etag = self.etag(f"{CONFERENCING}/GetCase")
        self.does("ces-team", f"{CONFERENCING}/ReturnToDecisionMaker", etag=etag)
        self.prohibited("HOLD_GROUND_CONCERN_DETERMINED", "PIP-14", "GEN-2")
        decided = {"outcome": "OUTCOME_DISALLOW", "weighed": "Everything was tried, and support is in place."}
        etag = self.etag(f"{CONFERENCING}/GetCase")
        self.does("case-manager", f"{CONFERENCING}/RecordDecision", etag=etag, **decided)
        self.permitted()

    def permit(self):
        """Confirmed at the moment of acting, with one permit however often it is asked for."""

        def confirm():
            request = {"request_id": f"stop-{self.telling}", "question": self.question}
            reply = self.suite.call("payments", f"{PROTECTION}/ConfirmAction", **request)
            return reply, is_permitted(self.question, reply["answer"])

        reply, _ = patiently(confirm, lambda seen: seen[1])
        assert reply["permit_expires_at"], reply
        again, permitted = confirm()
        assert permitted and again["answer"]["decision_id"] == reply["answer"]["decision_id"], (reply, again)
        kept = self.decided(reply)
        assert kept["permit_expires_at"] == reply["permit_expires_at"] and "recalls" not in kept, kept
        assert "permit_expires_at" not in self.decided(self.check()[0]), "a check writes no permit"

    def decided(self, reply):
        """The journalled decision that a reply gives the id of."""
        decision = {"decision_id": reply["answer"]["decision_id"]}
        kept = self.suite.call("auditor", f"{PROTECTION}/GetDecision", **decision)
        assert kept["question"] == self.question and kept["decided_at"], kept
        assert kept["asked_by"]["workload"] == "WORKLOAD_PAYMENTS", kept
        return kept


def main():
    walk = Walk(Suite(sys.argv[1], json.load(sys.stdin)))
    for part in (
        walk.permitted,
        walk.questions_that_say_nothing,
        walk.visits,
        walk.enquiries,
        walk.concern,
        walk.decision,
        walk.permit,
    ):
        part()
        print(f"{part.__name__}: as the contract says", flush=True)


if __name__ == "__main__":
    main()
