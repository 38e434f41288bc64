"""Mail domains: whether two people write from the same house."""

from django.db.models import Q

# Addresses there say nothing about an employer.
PUBLIC_MAIL = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "icloud.com",
        "proton.me",
        "protonmail.com",
        "mail.ru",
        "yandex.ru",
        "qq.com",
        "163.com",
        "gmx.net",
        "gmx.de",
        "aol.com",
    }
)


def ends_of_house(domain: str) -> list[str]:
    """The endings of addresses of the same house: this domain, its subdomains and its parents,
    such as mail.org.example and org.example; a top-level domain alone is no house."""
    parts = domain.split(".")
    above = [".".join(parts[n:]) for n in range(1, len(parts) - 1)]
    return [f"@{domain}", f".{domain}", *(f"@{parent}" for parent in above)]


def same_house(email: str, *fields: str) -> Q:
    """Rows with an address of the same house in one of these fields; none for public mail."""
    domain = email.rpartition("@")[2].lower()
    same = Q(pk__in=[])
    if domain and domain not in PUBLIC_MAIL:
        for end in ends_of_house(domain):
            for field in fields:
                same |= Q(**{f"{field}__iendswith": end})
    return same
