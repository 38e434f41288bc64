"""What waits for administrators: accounts and mail."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.personal_data.models import Erasure
from accounts.second_factor.models import FactorReset
from accounts.second_factor.workflow import ResetStatus
from common.mail.models import OutgoingMail
from common.overview.staff_desk import Job, Waiting, Work

USERS = "accounts.change_user"
MAILS = "common.view_outgoingmail"


def work() -> Work:
    mails = reverse("admin:common_outgoingmail_changelist")
    erasures = reverse("admin:accounts_erasure_changelist")
    resets = reverse("admin:accounts_factorreset_changelist")
    return Work(
        title=_("Accounts and e-mail"),
        waiting=[
            Waiting(
                _("E-mails that could not be delivered"),
                f"{mails}?delivery=failed",
                OutgoingMail.objects.undelivered(),
                "created_at",
                MAILS,
            ),
            Waiting(
                _("E-mails that came back in the last 30 days"),
                f"{mails}?delivery=back_lately",
                OutgoingMail.objects.came_back_lately(),
                "came_back_at",
                MAILS,
            ),
            Waiting(
                _("Accounts to be erased on their date"),
                f"{erasures}?cancelled_at__isempty=1&done_at__isempty=1",
                Erasure.objects.filter(cancelled_at=None, done_at=None),
                "asked_at",
                "accounts.view_erasure",
            ),
            Waiting(
                _("People who have lost their second factor"),
                f"{resets}?status__in={ResetStatus.ASKED},{ResetStatus.CHECKED}",
                FactorReset.objects.queue(),
                "asked_at",
                "accounts.view_factorreset",
            ),
        ],
        jobs=[
            Job(
                _("People and their roles"),
                reverse("admin:accounts_user_changelist"),
                USERS,
            ),
            Job(
                _("API keys"),
                reverse("admin:accounts_apikey_changelist"),
                "accounts.view_apikey",
            ),
            Job(_("Outgoing e-mail"), mails, MAILS),
            Job(
                _("Log of decisions"),
                reverse("admin:common_statuschange_changelist"),
                "common.view_statuschange",
            ),
        ],
    )
