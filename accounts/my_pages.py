"""The lines about a person's account on “My pages”."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.api_key.models import ApiKey
from accounts.second_factor.models import FactorReset
from common.overview.my_pages import Line, Section, counted


def section(user: Any) -> Section:
    desk = {"resets": FactorReset.objects.queue()} if user.is_secretariat else {}
    n = counted(
        user,
        sessions=user.usersession_set.all(),
        keys=ApiKey.objects.of(user).usable(),
        **desk,
    )
    waiting = (
        Line(
            _("Requests to reset two-step verification"),
            reverse("admin:accounts_factorreset_changelist"),
            n.get("resets", 0),
        ),
    )
    return Section(
        _("Account"),
        [
            Line(_("Profile and language"), reverse("account-profile")),
            Line(_("Notifications"), reverse("notifications")),
            Line(_("Active sessions"), reverse("usersessions_list"), n["sessions"]),
            Line(_("API keys"), reverse("api-keys"), n["keys"]),
            Line(
                _("My data"),
                reverse("my-data"),
                note=_("a download of your data, or erasure"),
            ),
        ],
        waiting if user.is_secretariat else (),
    )
