"""Delivery reports as several mail servers write them: the wording is ours, the shape is theirs."""

HEAD = """\
Return-Path: <>
From: Mail Delivery System <mailer-daemon@mx.example>
To: bounces@portal.example
Subject: Undelivered
Date: Mon, 30 Nov 2026 10:00:00 +0000
{more}MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=_b"

This is a message in several parts.
--=_b
Content-Type: text/plain; charset=utf-8

Your message could not be delivered. This text is for people.
"""


def report(
    status,
    returned,
    *,
    kind="delivery-status",
    more="",
    status_type="message/delivery-status",
    returned_type="message/rfc822",
):
    """A report of these two parts; their types are those of RFC 3464 unless said otherwise."""
    head = HEAD.format(kind=kind, more=more)
    parts = ((status_type, status), (returned_type, returned))
    body = "".join(f"--=_b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    return f"{head}{body}--=_b--\n"


def returned(message_id, subject="News"):
    return (
        "From: WSIS <noreply@portal.example>\nTo: amina@agency.example\n"
        f"Subject: {subject}\nMessage-ID: {message_id}\n"
        "Content-Type: text/plain; charset=utf-8\n\nDear colleague,\n"
    )


def status(
    action="failed", code="5.1.1", answer="smtp; 550 5.1.1 Unknown user", more=""
):
    line = f"Diagnostic-Code: {answer}\n" if answer else ""
    return (
        f"Reporting-MTA: dns; mx.example\n{more}\n"
        "Final-Recipient: rfc822; amina@agency.example\n"
        f"Action: {action}\nStatus: {code}\n{line}"
    )


def postfix(message_id):
    """Says “auto-replied” of its own reports, and returns the header only."""
    answer = (
        "smtp; 550 5.1.1 <amina@agency.example>: Recipient address\n"
        "    rejected: User unknown in virtual mailbox table"
    )
    return report(
        status(
            answer=answer,
            more="X-Postfix-Queue-ID: 4Sx9\nX-Postfix-Sender: rfc822; b@p.example\n",
        ),
        returned(message_id).partition("\n\n")[0] + "\n",
        more="Auto-Submitted: auto-replied\n",
        returned_type="text/rfc822-headers",
    )


def exchange(message_id):
    answer = (
        "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient\n"
        " amina@agency.example not found by SMTP address lookup"
    )
    return report(
        status(code="5.1.10", answer=answer).replace("rfc822; ", "rfc822;"),
        returned(message_id),
        more=f"Auto-Submitted: auto-generated\nIn-Reply-To: {message_id}\n",
    )


def exim(message_id):
    """Names no exact code but in the answer of the other server."""
    part = (
        "Reporting-MTA: dns; relay.example\n\nAction: failed\n"
        "Final-Recipient: rfc822;amina@agency.example\nStatus: 5.0.0\n"
        "Remote-MTA: dns; mx.agency.example\n"
        "Diagnostic-Code: smtp; 550 5.1.1 mailbox does not exist here\n"
    )
    return report(part, returned(message_id), more="X-Failed-Recipients: amina@x\n")


def gmail(message_id):
    """With a picture beside the text, and an answer that repeats its code on each line."""
    answer = (
        "smtp; 550-5.2.1 The account that you tried to reach is\n"
        " 550-5.2.1 inactive. Read more at\n 550 5.2.1 https://help.example/inactive"
    )
    text = report(
        status(code="5.2.1", answer=answer),
        returned(message_id),
        more=f"References: {message_id}\n",
    )
    plain = "--=_b\nContent-Type: text/plain; charset=utf-8\n"
    inner = (
        '--=_b\nContent-Type: multipart/related; boundary="=_c"\n\n--=_c\n'
        "Content-Type: text/html\n\n<p>No</p>\n--=_c\nContent-Type: image/png\n"
        "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--=_c--\n\n"
    )
    return text.replace(plain, inner + plain)


SERVERS = {"Postfix": postfix, "Exchange": exchange, "Exim": exim, "Gmail": gmail}
