"""Mail notices and weekly reviews: the mail server of the settings, the letters of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pulse.adapters.mail import Letter, MailServer, MailServerError, send_letters
from pulse.db.engine import database
from pulse.kit.logging import get_logger
from pulse.notices.mailing import claim_mail, put_off
from pulse.review import mailing as reviews

if TYPE_CHECKING:
    from pulse.config import Settings

_log = get_logger(__name__)


def mail_server(settings: Settings) -> MailServer | None:
    """Return the mail server that the settings name, if any."""
    if settings.pulse_smtp_host is None or settings.pulse_smtp_from is None:
        return None
    password = settings.pulse_smtp_password
    return MailServer(
        host=settings.pulse_smtp_host,
        port=settings.pulse_smtp_port,
        sender=settings.pulse_smtp_from,
        tls=settings.pulse_smtp_tls,
        user=settings.pulse_smtp_user,
        password=None if password is None else password.get_secret_value(),
    )


async def mail_notice(settings: Settings, notice_id: int) -> None:
    """Mail a notice to everybody whom it concerns, once; without a mail server do nothing.

    No transaction is open while the server is spoken to.
    """
    server = mail_server(settings)
    if server is None:
        return
    async with database(settings.database_url.get_secret_value(), pool_size=1) as open_db:
        async with open_db.begin() as db:
            now = (await db.execute(select(func.now()))).scalar_one()
            mail = await claim_mail(db, notice_id, settings.public_url, now)
        if mail is None:
            return
        letters = [Letter(to, mail.subject, mail.text) for to in mail.recipients]
        try:
            taken = await send_letters(server, letters)
        except MailServerError as error:
            _log.warning("notices.mail.put_off", notice_id=notice_id, reason=error.detail)
            async with open_db.begin() as db:
                await put_off(db, notice_id)
            return
        _log.info("notices.mailed", notice_id=notice_id, letters=len(letters), taken=taken)


async def mail_review(settings: Settings, mailing: int) -> None:
    """Mail a weekly review to whom it was asked for, once; without a mail server do nothing."""
    server = mail_server(settings)
    if server is None:
        return
    async with database(settings.database_url.get_secret_value(), pool_size=1) as open_db:
        async with open_db.begin() as db:
            now = (await db.execute(select(func.now()))).scalar_one()
            mail = await reviews.claim_review(db, mailing, settings.public_url, now)
        if mail is None:
            return
        said = mail.letter
        letters = [Letter(to, said.subject, said.text, said.html) for to in mail.recipients]
        try:
            taken = await send_letters(server, letters)
        except MailServerError as error:
            _log.warning("review.mail.put_off", mailing=mailing, reason=error.detail)
            async with open_db.begin() as db:
                await reviews.put_off(db, mailing, error.detail)
            return
        async with open_db.begin() as db:
            await reviews.note_taken(db, mailing, taken)
        _log.info("review.mailed", mailing=mailing, letters=len(letters), taken=taken)
