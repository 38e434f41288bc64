"""What is noted of a request that votes: as coarse as the rules allow, never a name or a choice."""

import ipaddress
import re
from typing import Any, NamedTuple

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from accounts.user.domains import PUBLIC_MAIL
from common.limits.throttle import client_ip
from common.moves.actors import SignedInRequest
from prizes.hold.rules import SLOW, Age

OPENED = "prizes.hold.opened"


IPV4_BLOCK, IPV6_BLOCK = 24, 48


SYSTEMS = (
    ("android", "Android"),
    ("ios", "iPhone|iPad|iPod"),
    ("windows", "Windows"),
    ("macos", "Macintosh"),
    ("linux", "Linux|CrOS|X11"),
)


BROWSERS = (
    ("program", "(?i:python|curl|wget|java/|okhttp|go-http|node|axios|headless|bot)"),
    ("edge", "Edg"),
    ("firefox", "Firefox|FxiOS"),
    ("samsung", "SamsungBrowser"),
    ("opera", "OPR/|Opera"),
    ("chrome", "Chrome|CriOS"),
    ("safari", "Safari"),
)


COUNTRY_CODE = (
    2  # letters of a top-level domain below which com, gov, ac … are no houses
)


HOUSE_LETTERS = 3  # such as gov, com, ac


class Circumstances(NamedTuple):
    """Of one request: the function `prize_ballot` hashes network and domain with the key of the
    contest before they are stored."""

    network: str
    device: str
    domain: str
    age: int | None  # None: nothing is noted
    seconds: int


NOTHING = Circumstances("", "", "", None, 0)


def circumstances(request: SignedInRequest, votes: int) -> Circumstances:
    """Of a request that sends so many votes."""
    user = request.user
    return Circumstances(
        network_of(request),
        device_of(request.headers.get("User-Agent", "")),
        domain_of(user.email),
        age_of(user),
        min(seconds_since(request.POST.get("opened", ""), user.pk), SLOW * votes),
    )


def network_of(request: HttpRequest) -> str:
    """The block of addresses that a house or a school shares: /24, for IPv6 /48."""
    address = client_ip(request)
    if not address:
        return ""
    block = IPV6_BLOCK if ":" in address else IPV4_BLOCK
    return str(ipaddress.ip_network(f"{address}/{block}", strict=False))


def device_of(agent: str) -> str:
    """System and browser, such as "android chrome"; "other" for what is neither."""
    return f"{_first(SYSTEMS, agent)} {_first(BROWSERS, agent)}"


def _first(kinds: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, words in kinds if re.search(words, agent)), "other")


def domain_of(address: str) -> str:
    """The domain of a house, without its subdomains; "" for public mail providers."""
    domain = address.rpartition("@")[2].lower()
    if not domain or domain in PUBLIC_MAIL:
        return ""
    parts = domain.split(".")
    below_country = (
        len(parts) > COUNTRY_CODE
        and len(parts[-1]) == COUNTRY_CODE
        and len(parts[-2]) <= HOUSE_LETTERS
    )
    return ".".join(parts[-3:] if below_country else parts[-2:])


def age_of(user: Any) -> int:
    """The class of the age of the account."""
    hours = (timezone.now() - user.date_joined).total_seconds() / 3600
    return next((int(age) for age in Age if hours < age), int(Age.OLDER))


def opened_now(user_id: int) -> str:
    """What a page of the ballot sends back, so that it is known how long somebody chose."""
    return signing.TimestampSigner(salt=OPENED).sign(str(user_id))


def seconds_since(opened: str, user_id: int) -> int:
    """Whole seconds since the page was opened; 0 for a page that nobody opened, or another's."""
    signer = signing.TimestampSigner(salt=OPENED)
    try:
        if signer.unsign(opened) != str(user_id):
            return 0
    except signing.BadSignature:
        return 0
    stamp = signing.b62_decode(opened.split(signer.sep)[1])
    return max(0, int(timezone.now().timestamp() - stamp))
