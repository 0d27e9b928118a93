"""Who may do what: role x action -> scope, one table for every route and every query.

A role without a cell may not do it at all (403). A row outside the scope does not exist for the
caller (404). What one is allowed by the status of a proposal is another matter
(`api.statuses`).
"""

from enum import StrEnum

from models import Role


class Action(StrEnum):
    """What routes do, by the words of the audit."""

    ACCOUNT_READ = "account.read"
    ACCOUNT_CHANGE = "account.change"
    ALTERNATIVE_READ = "alternative.read"
    APPRENTICE_READ = "apprentice.read"
    APPRENTICE_CHANGE = "apprentice.change"
    APPRENTICE_PROFILE = "apprentice.profile"
    APPRENTICE_INTEREST = "apprentice.interest"
    AUDIT_READ = "audit.read"
    CALL_READ = "call.read"
    CALL_CHANGE = "call.change"
    CALL_FUND = "call.fund"
    COMPANY_READ = "company.read"
    COMPANY_CREATE = "company.create"
    COMPANY_CHANGE = "company.change"
    COMPANY_VERIFY = "company.verify"
    CONSENT_READ = "consent.read"
    CONSENT_GIVE = "consent.give"
    COVER_READ = "cover.read"
    COVER_CHANGE = "cover.change"
    ENROLMENT_READ = "enrolment.read"
    ENROLMENT_APPLY = "enrolment.apply"
    ENROLMENT_CHANGE = "enrolment.change"
    ENROLMENT_WITHDRAW = "enrolment.withdraw"
    EXPLANATION_READ = "explanation.read"
    FACTOR_OWN = "factor.own"
    FAIRNESS_READ = "fairness.read"
    FIGURES_READ = "figures.read"
    FRIEND_WISH = "friend.wish"
    GROUP_READ = "group.read"
    GROUP_CHANGE = "group.change"
    IDLE_READ = "idle.read"
    IMPORT_RUN = "import.run"
    LINK_MAKE = "link.make"
    MESSAGE_READ = "message.read"
    MESSAGE_SEND = "message.send"
    NEEDS_CONFIRM = "needs.confirm"
    NEED_ACCEPT = "need.accept"
    NEEDS_READ = "needs.read"
    NEEDS_CHANGE = "needs.change"
    OFFER_READ = "offer.read"
    OFFER_CHANGE = "offer.change"
    OFFER_DROP_OUT = "offer.drop_out"
    PLACEMENT_READ = "placement.read"
    PLACEMENT_CHANGE = "placement.change"
    PROPOSAL_READ = "proposal.read"
    PROPOSAL_MAKE = "proposal.make"
    PROPOSAL_ANSWER = "proposal.answer"
    PROPOSAL_RECORD = "proposal.record"
    PROPOSAL_CHANGE = "proposal.change"
    PROPOSAL_BOOK = "proposal.book"
    PROVISION_ASK = "provision.ask"
    PROVISION_ANSWER = "provision.answer"
    PROVISION_CERTIFY = "provision.certify"
    PROVISION_QUESTION_READ = "provision_question.read"
    QUESTION_READ = "question.read"
    QUESTION_ASK = "question.ask"
    QUESTION_ANSWER = "question.answer"
    REFERENCE_READ = "reference.read"
    RIGHTS_ASK = "rights.ask"
    RIGHTS_ERASE = "rights.erase"
    RIGHTS_EXPORT = "rights.export"
    RIGHTS_READ = "rights.read"
    ROUND_ASK = "round.ask"
    ROUND_READ = "round.read"
    ROUND_CANCEL = "round.cancel"
    SESSION_OWN = "session.own"
    SETTING_READ = "setting.read"
    SETTING_CHANGE = "setting.change"
    STATUS_READ = "status.read"
    SUGGESTION_READ = "suggestion.read"
    SUPPORT_RATE_CHANGE = "support_rate.change"
    SUPPORT_RATE_READ = "support_rate.read"
    SUPPORT_READ = "support.read"
    TODAY_READ = "today.read"
    TOKEN_OWN = "token.own"  # noqa: S105  # an action, no secret
    UNMATCHED_READ = "unmatched.read"
    WAITING_READ = "waiting.read"
    WISH_READ = "wish.read"
    WISH_CHANGE = "wish.change"


class Scope(StrEnum):
    """Whose rows.

    `sending` are people of the caller's region and what belongs to them, `hosting` companies of
    it, `either_side` both; `ward` is whom a guardian answers for.
    """

    ALL = "all"
    OWN = "own"
    SENDING = "sending"
    HOSTING = "hosting"
    EITHER_SIDE = "either_side"
    CENTRE = "centre"
    COMPANY = "company"
    SELF = "self"
    WARD = "ward"


_R, _S, _A = Role, Scope, Action

_EVERYBODY = dict.fromkeys(_R, _S.ALL)
_OFFICE = {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.ALL}
_SENDING = {_R.COORDINATOR: _S.SENDING}
_EITHER_SIDE = {_R.COORDINATOR: _S.EITHER_SIDE}
_SCHOOL = _SENDING | {_R.CENTRE: _S.CENTRE}
_HOST = {_R.COORDINATOR: _S.HOSTING, _R.COMPANY: _S.COMPANY}
_PEOPLE = _SCHOOL | {_R.APPRENTICE: _S.SELF}
_CONSENTING = _SENDING | {_R.APPRENTICE: _S.SELF, _R.GUARDIAN: _S.WARD}
_PARTIES = _EITHER_SIDE | {
    _R.COMPANY: _S.COMPANY, _R.APPRENTICE: _S.SELF, _R.GUARDIAN: _S.WARD,
}  # fmt: skip
_CONCERNED = _PARTIES | {_R.CENTRE: _S.CENTRE}

POLICY: dict[Action, dict[Role, Scope]] = {
    _A.ACCOUNT_READ: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.EITHER_SIDE},
    _A.ACCOUNT_CHANGE: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.EITHER_SIDE},
    _A.ALTERNATIVE_READ: _SENDING,
    _A.APPRENTICE_READ: _PEOPLE | {_R.GUARDIAN: _S.WARD},
    _A.APPRENTICE_CHANGE: _SCHOOL,
    _A.APPRENTICE_PROFILE: _PEOPLE,
    _A.APPRENTICE_INTEREST: _SENDING | {_R.APPRENTICE: _S.SELF},
    _A.AUDIT_READ: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.SENDING},
    _A.CALL_READ: _EVERYBODY,
    _A.CALL_CHANGE: _OFFICE,
    _A.CALL_FUND: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.SENDING},
    _A.COMPANY_READ: _OFFICE | {_R.CENTRE: _S.ALL, _R.COMPANY: _S.COMPANY},
    _A.COMPANY_CREATE: {_R.COORDINATOR: _S.HOSTING},
    _A.COMPANY_CHANGE: _HOST,
    _A.COMPANY_VERIFY: {_R.COORDINATOR: _S.HOSTING},
    _A.CONSENT_READ: _CONSENTING,
    _A.CONSENT_GIVE: _CONSENTING,
    _A.COVER_READ: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.EITHER_SIDE},
    _A.COVER_CHANGE: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.EITHER_SIDE},
    _A.ENROLMENT_READ: _PEOPLE | {_R.GUARDIAN: _S.WARD},
    _A.ENROLMENT_APPLY: _PEOPLE,
    _A.ENROLMENT_CHANGE: _SENDING,
    _A.ENROLMENT_WITHDRAW: _SENDING | {_R.APPRENTICE: _S.SELF},
    _A.EXPLANATION_READ: _SENDING | {_R.APPRENTICE: _S.SELF},
    _A.FACTOR_OWN: dict.fromkeys(_R, _S.OWN),
    _A.FAIRNESS_READ: _OFFICE,
    _A.FIGURES_READ: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.EITHER_SIDE},
    _A.FRIEND_WISH: {_R.APPRENTICE: _S.SELF},
    _A.GROUP_READ: _PEOPLE,
    _A.GROUP_CHANGE: _SCHOOL,
    _A.IDLE_READ: {_R.COORDINATOR: _S.HOSTING},
    _A.IMPORT_RUN: _EITHER_SIDE,
    _A.LINK_MAKE: _EITHER_SIDE,
    _A.MESSAGE_READ: _EITHER_SIDE,
    _A.MESSAGE_SEND: _EITHER_SIDE,
    _A.NEEDS_CONFIRM: _SENDING,
    _A.NEED_ACCEPT: _SENDING,
    _A.NEEDS_READ: _SENDING | {_R.APPRENTICE: _S.SELF},
    _A.NEEDS_CHANGE: _SENDING | {_R.APPRENTICE: _S.SELF},
    _A.OFFER_READ: {
        _R.ADMIN: _S.ALL,
        _R.COORDINATOR: _S.EITHER_SIDE,
        _R.CENTRE: _S.CENTRE,
        _R.COMPANY: _S.COMPANY,
    },
    _A.OFFER_CHANGE: _HOST,
    _A.OFFER_DROP_OUT: {_R.COORDINATOR: _S.HOSTING},
    _A.PLACEMENT_READ: _CONCERNED,
    _A.PLACEMENT_CHANGE: _EITHER_SIDE,
    _A.PROPOSAL_READ: _CONCERNED,
    _A.PROPOSAL_MAKE: _SENDING,
    _A.PROPOSAL_ANSWER: _PARTIES,
    _A.PROPOSAL_RECORD: _EITHER_SIDE,
    _A.PROPOSAL_CHANGE: _EITHER_SIDE,
    _A.PROPOSAL_BOOK: _SENDING,
    _A.PROVISION_ASK: _EITHER_SIDE,
    _A.PROVISION_ANSWER: _HOST,
    _A.PROVISION_CERTIFY: {_R.COORDINATOR: _S.HOSTING},
    _A.PROVISION_QUESTION_READ: _EITHER_SIDE | {_R.COMPANY: _S.COMPANY},
    _A.QUESTION_READ: _EITHER_SIDE | {_R.COMPANY: _S.COMPANY},
    _A.QUESTION_ASK: {_R.COMPANY: _S.COMPANY},
    _A.QUESTION_ANSWER: _EITHER_SIDE,
    _A.REFERENCE_READ: _EVERYBODY,
    _A.RIGHTS_ASK: _SENDING | {_R.APPRENTICE: _S.SELF, _R.GUARDIAN: _S.WARD},
    _A.RIGHTS_ERASE: _SENDING,
    _A.RIGHTS_EXPORT: _SENDING | {_R.APPRENTICE: _S.SELF, _R.GUARDIAN: _S.WARD},
    _A.RIGHTS_READ: _SENDING,
    _A.ROUND_ASK: _OFFICE,
    _A.ROUND_READ: _OFFICE,
    _A.ROUND_CANCEL: _OFFICE,
    _A.SESSION_OWN: dict.fromkeys(_R, _S.OWN),
    _A.SETTING_READ: _OFFICE,
    _A.SETTING_CHANGE: _OFFICE,
    _A.STATUS_READ: {_R.ADMIN: _S.ALL},
    _A.SUGGESTION_READ: _SENDING | {_R.APPRENTICE: _S.SELF},
    _A.SUPPORT_RATE_READ: _OFFICE,
    _A.SUPPORT_RATE_CHANGE: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.SENDING},
    _A.SUPPORT_READ: _SCHOOL | {_R.APPRENTICE: _S.SELF, _R.GUARDIAN: _S.WARD},
    _A.TODAY_READ: _CONCERNED | {_R.ADMIN: _S.ALL},
    _A.TOKEN_OWN: dict.fromkeys(_R, _S.OWN),
    _A.UNMATCHED_READ: _SENDING,
    _A.WAITING_READ: _CONCERNED,
    _A.WISH_READ: _SENDING,
    _A.WISH_CHANGE: _SENDING,
}


def scope_of(role: Role | None, action: Action) -> Scope | None:
    """The rows on which a role may do this, None for none."""
    return POLICY[action].get(role) if role is not None else None
