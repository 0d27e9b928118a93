"""Second factors, recovery codes, half sessions, and browsers seen before."""

import datetime
import uuid

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

import models
from api.store.rows import changed


def factor_of(session: Session, user_id: uuid.UUID) -> models.SecondFactor | None:
    """The second factor of an account, confirmed or begun, as it is now."""
    mine = select(models.SecondFactor).where(models.SecondFactor.user_id == user_id)
    return session.exec(mine.execution_options(populate_existing=True)).first()


def take_step(session: Session, factor_id: uuid.UUID, step: int) -> bool:
    """Take a code of this step; False where it, or a later one, was taken before."""
    return changed(
        session,
        update(models.SecondFactor)
        .where(
            col(models.SecondFactor.id) == factor_id, col(models.SecondFactor.last_step) < step
        )
        .values(last_step=step),
    )  # fmt: skip


def use_recovery_code(
    session: Session, user_id: uuid.UUID, sha256: str, now: datetime.datetime
) -> bool:
    """Use a recovery code; False where there is none, or it was used before."""
    return changed(
        session,
        update(models.RecoveryCode)
        .where(
            col(models.RecoveryCode.user_id) == user_id,
            col(models.RecoveryCode.code_sha256) == sha256,
            col(models.RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now),
    )


def codes_left(session: Session, user_id: uuid.UUID) -> int:
    """So many recovery codes are not used yet."""
    unused = select(func.count()).where(
        col(models.RecoveryCode.user_id) == user_id, col(models.RecoveryCode.used_at).is_(None)
    )
    return session.exec(unused).one()


def forget_codes(session: Session, user_id: uuid.UUID) -> None:
    """No recovery code of this account holds any more."""
    mine = col(models.RecoveryCode.user_id) == user_id
    changed(session, delete(models.RecoveryCode).where(mine))


def forget_factor(session: Session, user_id: uuid.UUID) -> None:
    """The account has no second factor any more, and nobody is in the middle of signing in."""
    forget_codes(session, user_id)
    forget_halves(session, user_id)
    mine = col(models.SecondFactor.user_id) == user_id
    changed(session, delete(models.SecondFactor).where(mine))
    session.expire_all()


def half_by_digest(
    session: Session, sha256: str
) -> tuple[models.HalfSession, models.User] | None:  # fmt: skip
    """The half session with this secret, whatever its state, and whose it is."""
    return session.exec(
        select(models.HalfSession, models.User)
        .join(models.User)
        .where(models.HalfSession.token_sha256 == sha256)
        .execution_options(populate_existing=True)
    ).first()


def count_try(session: Session, half_id: uuid.UUID, most: int) -> bool:
    """Count a try; False where there were so many already."""
    return changed(
        session,
        update(models.HalfSession)
        .where(col(models.HalfSession.id) == half_id, col(models.HalfSession.tries) < most)
        .values(tries=col(models.HalfSession.tries) + 1),
    )


def forget_half(session: Session, half_id: uuid.UUID) -> bool:
    """End a half session; False where somebody else did."""
    return changed(
        session, delete(models.HalfSession).where(col(models.HalfSession.id) == half_id)
    )  # fmt: skip


def forget_halves(session: Session, user_id: uuid.UUID) -> None:
    """End the half sessions of an account."""
    mine = col(models.HalfSession.user_id) == user_id
    changed(session, delete(models.HalfSession).where(mine))


def device_of(
    session: Session, user_id: uuid.UUID, sha256: str, now: datetime.datetime
) -> models.KnownDevice | None:
    """The browser with this secret, if the account was used in it."""
    return session.exec(
        select(models.KnownDevice).where(
            models.KnownDevice.user_id == user_id, models.KnownDevice.token_sha256 == sha256,
            col(models.KnownDevice.expires_at) > now,
        )
    ).first()  # fmt: skip


def is_device(session: Session, sha256: str) -> bool:
    """Whether this secret was given to a browser, whichever account it was used for."""
    found = select(models.KnownDevice.id).where(models.KnownDevice.token_sha256 == sha256)
    return session.exec(found.limit(1)).first() is not None


def forget_device(session: Session, user_id: uuid.UUID, sha256: str) -> None:
    """Forget a browser whose time is over."""
    changed(
        session,
        delete(models.KnownDevice).where(
            col(models.KnownDevice.user_id) == user_id,
            col(models.KnownDevice.token_sha256) == sha256,
        ),
    )
