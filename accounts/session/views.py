"""The active sessions of a person, each with its device, and past sign-ins."""

from typing import Any

from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.sign_in.history import device_name
from accounts.sign_in.models import SignIn
from common.moves.actors import SignedInRequest

SIGN_INS_SHOWN = 100
LABELS = dict(SignIn.Method.choices)


class Sessions(ListUserSessionsView):
    """The sessions that allauth lists, with device names that people recognize."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        current = self.request.session.session_key
        context["rows"] = [
            {
                "session": session,
                "device": device_name(session.user_agent),
                "method": LABELS.get(session.data.get("method"), ""),
                "is_current": session.session_key == current,
            }
            for session in context["sessions"]
        ]
        sign_ins = SignIn.objects.filter(user=self.request.user.pk)[:SIGN_INS_SHOWN]
        context["sign_ins"] = [
            {"sign_in": sign_in, "device": device_name(sign_in.user_agent)}
            for sign_in in sign_ins
        ]
        context["limit"] = SIGN_INS_SHOWN
        return context


sessions = Sessions.as_view()


@require_POST
@login_required
def end_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; ending the present one signs out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    session.end()
    messages.success(request, _("The session was ended."))
    return redirect("usersessions_list")
