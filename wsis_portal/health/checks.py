"""Checks for operators: by `manage.py check`, in the log at each start, on the first page of the
admin."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (Django's own name)
from django.utils.translation import gettext_lazy as _

from common.mail.mailbox import Place

NO_MAIL_SERVER = _(
    "No mail server is set (EMAIL_URL): all e-mails are files on this machine, and nobody receives "
    "sign-in codes, links or decisions."
)


@register()
def mail_server(app_configs: object = None, **options: Any) -> list[CheckMessage]:
    """A demonstration writes its mails to files on purpose; a real portal must have a mail
    server."""
    if settings.DEMO or settings.EMAIL_BACKEND != settings.MAIL_INTO_FILES:
        return []
    hint = "EMAIL_URL=smtp+tls://user:password@mail.example:587"
    return [Warning(str(NO_MAIL_SERVER), hint=hint, id="wsis.W001")]


@register()
def mailbox_of_returned_mail(
    app_configs: object = None, **options: Any
) -> list[CheckMessage]:
    """Without a mailbox nothing is read, which is said on the pages of letters; half of one is a
    mistake."""
    url, address = settings.BOUNCES_URL, settings.BOUNCES_ADDRESS
    found: list[CheckMessage] = []
    try:
        if url:
            Place.of(url)
    except ValueError:
        hint = "BOUNCES_URL=imaps://user:password@mail.example/INBOX"
        found.append(Warning("BOUNCES_URL is not understood.", hint, id="wsis.W002"))
    if bool(url) != bool(address):
        sentence = "BOUNCES_URL and BOUNCES_ADDRESS belong together: one is missing."
        found.append(Warning(sentence, id="wsis.W003"))
    return found
