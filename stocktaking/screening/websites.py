"""Whether a website answers, without giving the author of a project access to our own network.

Only http and https to the usual ports of public addresses. The checked address is the one that is
contacted, and every redirect is checked again (docs/moderation.md).
"""

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

from common.limits.deadline import HangUp

SECONDS = 5  # for each step
SECONDS_IN_ALL = 15  # redirects included
REDIRECTS_AT_MOST = 3
PORTS = {"http": 80, "https": 443}
TURNS_AWAY = {401, 403, 429}
AGENT = "WSIS-review-portal (checks whether a listed website answers)"


class Unreachable(Exception):  # noqa: N818  (a finding about a website, no fault of the program)
    """Why a website could not be read, as a sentence."""


def problem_of(url: str) -> str:
    """Request a page; "" when it answers, else a sentence. Never raises for what the other side
    does."""
    with HangUp(SECONDS_IN_ALL) as end:
        try:
            for _hop in range(REDIRECTS_AT_MOST + 1):
                status, target = _ask(url, end)
                if target is None:
                    return (
                        "" if status < http.HTTPStatus.BAD_REQUEST else _answer(status)
                    )
                url = urljoin(url, target)
        except Unreachable as error:
            return str(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if end.expired:
                return _("It took too long to answer.")
            return str(error)[:200] or type(error).__name__
    return _("It redirects from one address to the next without end.")


def _answer(status: int) -> str:
    """Status of the answer; sites that work but refuse robots are not a problem."""
    if status in TURNS_AWAY:
        return ""
    return _("It responds with error %(status)d.") % {"status": status}


def _ask(url: str, end: HangUp) -> tuple[int, str | None]:
    """Status, and the target of a redirect; the body is not read."""
    parts = urlsplit(url)
    connection = _connection(parts, end)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request(
            "GET",
            path.encode("ascii", "ignore").decode(),
            headers={
                "Host": parts.hostname or "",
                "User-Agent": AGENT,
                "Accept": "text/html,*/*",
            },
        )
        answer = connection.getresponse()
        if (
            end.expired
        ):  # in the middle of the headers, of which the end is then what was read last
            raise TimeoutError
        moved = (
            http.HTTPStatus.MULTIPLE_CHOICES
            <= answer.status
            < http.HTTPStatus.BAD_REQUEST
        )
        return answer.status, answer.getheader("Location") if moved else None
    finally:
        connection.close()


def _connection(parts: SplitResult, end: HangUp) -> http.client.HTTPConnection:
    """A connection to the checked address itself: the name is not looked up a second time."""
    host, port = parts.hostname, PORTS.get(parts.scheme)
    if port is None or not host or parts.port not in {None, port}:
        raise Unreachable(
            _("Only public addresses that begin with http or https are checked.")
        )
    plain = socket.create_connection((public_address(host), port), timeout=SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = plain
    try:
        end.follow(plain)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(plain, server_hostname=host)
            end.follow(connection.sock)
    except OSError:
        connection.close()
        raise
    return connection


def public_address(host: str) -> str:
    """One address of the host. Raises Unreachable when any of them is not public."""
    try:
        addresses = {
            str(row[4][0])
            for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        }
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("This address does not exist.")) from error
    if not addresses or not all(is_public(address) for address in addresses):
        raise Unreachable(
            _("Only public addresses that begin with http or https are checked.")
        )
    return min(addresses, key=lambda address: (":" in address, address))


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return False
        if ip in ipaddress.IPv6Network(
            "64:ff9b::/96"
        ):  # NAT64 leads to any IPv4 address
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
