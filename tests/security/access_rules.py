"""Roles, and the words of which the rows of the access tables are made."""

ROLES = [
    "anonymous",
    "member",
    "owner",
    "expert",
    "agency",
    "secretariat",
    "administrator",
]


def rule(default, **exceptions):
    return {role: exceptions.get(role, default) for role in ROLES}


def signed_in(status, **exceptions):
    """Strangers are sent to sign in first."""
    return rule(status, anonymous=302, **exceptions)


ALL = rule(200)
NO_SUCH_METHOD = rule(405)
AWAY_IF_SIGNED_IN = rule(
    302, anonymous=200
)  # sign-in pages lead people who are in to their own
ELSEWHERE = rule(302)  # a step of a journey that was not begun leads back to its start
OWN = signed_in(200)
PROVE_AGAIN = signed_in(302)  # the password is asked for again first
NOT_SET_UP = signed_in(
    404
)  # members in the table have no second factor, and nobody has codes
STAFF_PROVE_AGAIN = signed_in(404, secretariat=302, administrator=302)  # staff have one
ASKS_STAFF = signed_in(302, secretariat=200, administrator=200)
READ_ONLY = (ALL, NO_SUCH_METHOD)
STAFF = signed_in(
    404, secretariat=200, administrator=200
)  # of a record that others do not see
STAFF_AREA = signed_in(403, secretariat=200, administrator=200)  # says whom it is for
API_READ_ONLY = (ALL, rule(405, anonymous=401))
