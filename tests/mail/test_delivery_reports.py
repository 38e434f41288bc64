"""What is read of the answers of other mail servers, and what is not."""

from uuid import UUID, uuid4

import pytest

from common.mail.delivery_reports import MAX_SENTENCE, read_return
from common.mail.mailbox import MOST_BYTES
from tests.mail.reports import SERVERS, report, returned, status

MAIL = UUID("0123456789abcdef0123456789abcdef")
ID = f"<{MAIL.hex}@portal.example>"


def read(text):
    return read_return(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    ("server", "code", "sentence"),
    [
        ("Postfix", "5.1.1", "rejected: User unknown in virtual mailbox table"),
        ("Exchange", "5.1.10", "amina@agency.example not found by SMTP address lookup"),
        ("Exim", "5.1.1", "550 5.1.1 mailbox does not exist here"),
        ("Gmail", "5.2.1", "550 5.2.1 https://help.example/inactive"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_reports_of_four_servers(server, code, sentence, line_end):
    found = read(SERVERS[server](ID).replace("\n", line_end))

    assert (found.reference, found.code) == (MAIL, code)
    assert found.sentence.endswith(sentence)
    assert "\n" not in found.sentence
    assert not found.sentence.startswith("smtp")


def test_the_answer_is_read_in_all_scripts():
    answers = {
        "smtp; 550 Такого ящика нет": "550 Такого ящика нет",
        "smtp; 550 没有这个用户": "550 没有这个用户",
        "smtp; 550 المستخدم غير موجود": "550 المستخدم غير موجود",
        "smtp; =?koi8-r?B?8NDPIM7F1CA=?= 550": "Ппо нет 550",
        "smtp; =?utf-8?Q?Bo=C3=AEte_pleine?=": "Boîte pleine",
        "smtp; =?klingon?B?8NDPIM7F1CA=?=": "=?klingon?B?8NDPIM7F1CA=?=",
        "X-Unix; 67": "67",
        "mailbox is gone": "mailbox is gone",
    }
    found = {
        answer: read(report(status(answer=answer), returned(ID))) for answer in answers
    }
    assert {answer: one.sentence for answer, one in found.items()} == answers


def test_letters_that_cannot_be_read_are_replaced_and_signs_that_turn_text_go():
    answer = b"smtp; 550 \xe9t\xe9 \x00 \xe2\x80\xae gnp.exe"
    text = report(status(answer="ANSWER"), returned(ID)).encode()

    assert read(text.replace(b"ANSWER", answer)).sentence == "550 ?t? gnp.exe"


def test_a_long_answer_is_cut_and_without_one_there_is_the_code():
    long = read(report(status(answer="smtp; " + "no " * 4000), returned(ID)))
    none = read(report(status(answer=""), returned(ID)))

    assert len(long.sentence) == MAX_SENTENCE
    assert none.sentence == "5.1.1"


def test_a_report_with_letters_of_all_scripts_is_read():
    """RFC 6533: its parts have types of their own."""
    part = status(answer="smtp; 550 5.1.1 Нет такого").replace(
        "rfc822; amina", "utf-8; амина"
    )
    for kind in ("message/global", "message/global-headers"):
        text = report(
            part,
            returned(ID),
            status_type="message/global-delivery-status",
            returned_type=kind,
        )
        assert read(text).sentence == "550 5.1.1 Нет такого"


def test_who_was_given_up_is_found_among_several_recipients():
    many = status("delivered", "2.0.0", "smtp; 250 ok") + "\n"
    many += "Final-Recipient: rfc822; b@x.example\nAction: Failed (for good)\n"
    many += "Status: 5.7.1 (refused)\nDiagnostic-Code: smtp; 550 spam\n"

    found = read(report(many, returned(ID)))

    assert (found.code, found.sentence) == ("5.7.1", "550 spam")


def test_given_up_after_days_of_trying_is_a_return_too():
    found = read(
        report(status("failed", "4.4.7", "smtp; 421 nobody answers"), returned(ID))
    )
    assert (found.code, found.sentence) == ("4.4.7", "421 nobody answers")


OTHERS = {
    "tried again": report(
        status("delayed", "4.4.1", "smtp; timed out"), returned(ID)
    ),
    "arrived": report(status("delivered", "2.0.0", "smtp; 250 ok"), returned(ID)),
    "handed on": report(status("relayed", "2.0.0", ""), returned(ID)),
    "failed and fine": report(status("failed", "2.0.0"), returned(ID)),
    "no status": report(status(code=""), returned(ID)),
    "no action": report(status(action=""), returned(ID)),
    "a receipt of a reader": report(
        status(), returned(ID), kind="disposition-notification",
        status_type="message/disposition-notification",
    ),
    "somebody is away": (
        "From: Amina <amina@agency.example>\nTo: bounces@portal.example\n"
        f"Subject: Out of office\nIn-Reply-To: {ID}\nAuto-Submitted: auto-replied\n\n"
        f"I am away. Status: 5.1.1\nAction: failed\nMessage-ID: {ID}\n"
    ),
    "a report that somebody passes on": (
        'From: a@x.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_m"\n\n'
        "--=_m\nContent-Type: message/rfc822\n\n"
        + report(status(), returned(ID)) + "--=_m--\n"
    ),
    "about a mail of another portal": report(
        status(), returned("<20261130.99@other.example>")
    ),
    "without the mail": report(status(), "", returned_type="text/plain"),
    "the mail only in the text for people": report(
        status(), f"Message-ID: {ID}\n", returned_type="text/plain"
    ),
    "a key in capitals": report(status(), returned(ID.upper())),
    "nothing": "",
    "a line": "hello",
    "no parts": "Content-Type: multipart/report; report-type=delivery-status\n\nhello",
    "no end": report(status(), returned(ID))[:420],
    "no boundary": report(status(), returned(ID)).replace('; boundary="=_b"', ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_nothing_else_is_a_return(kind):
    assert read(report(status(), returned(ID))) is not None
    assert read(OTHERS[kind]) is None


def test_broken_and_hostile_messages_stop_nobody():
    """Cut anywhere, bytes of no alphabet, parts within parts, very many parts and recipients."""
    whole = SERVERS["Postfix"](ID).encode()
    for end in range(0, len(whole), 7):
        read(whole[:end])
        read(whole[:end] + b"\xff\x00\xfe" + whole[end:])
    nested = "".join(
        f'Content-Type: multipart/report; boundary="b{n}"\n\n--b{n}\n'
        for n in range(3000)
    )
    many = report(status(), "") + "--=_b\nContent-Type: message/rfc822\n\n\n" * 5000
    groups = report(status("delayed") + "\nAction: delayed\n" * 9000, returned(ID))
    wide = "Content-Type: multipart/report; " + "a=b; " * 40_000
    posts = "Content-Type: message/rfc822\n\n" * 4000
    for text in (nested, many, groups, wide, posts):
        assert read(text.encode()[:MOST_BYTES]) is None


def test_a_return_says_which_mail_by_a_key_that_nobody_can_guess():
    other = uuid4()
    found = read(report(status(), returned(f"<{other.hex}@old-name.example>")))
    assert found.reference == other
