"""Acts of a planner as a script sends them, for the tests."""

from django.urls import reverse

from tests.forum.records import DAY, SessionFactory

JSON = {"accept": "application/json"}


def draft(**fields):
    """A session that nobody has placed yet."""
    return SessionFactory(**{"room": None, "start": None, "end": None} | fields)


def address(session):
    return reverse("forum:plan-session", args=[session.edition.slug, session.pk])


def slot(room, time="10:00", minutes=60, day=DAY):
    return {
        "act": "place",
        "day": day.isoformat(),
        "time": time,
        "minutes": minutes,
        "room": room.pk if room else "",
    }


def post(client, session, **data):
    session.refresh_from_db()
    return client.post(
        address(session), {"version": session.version} | data, headers=JSON
    )


def place(client, session, room, time="10:00", minutes=60, **more):
    return post(client, session, **slot(room, time, minutes), **more)


def undo(client, act="undo"):
    url = reverse("forum:plan-undo", args=["2027"])
    return client.post(url, {"act": act}, headers=JSON)


def stands(session):
    session.refresh_from_db()
    return session.status, session.start, session.end, session.room
