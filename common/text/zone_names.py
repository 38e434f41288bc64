"""Names of time zones in the IANA database, such as “Europe/Zurich”."""

import zoneinfo
from functools import cache


@cache
def zone_names() -> frozenset[str]:
    """All of them. Read once: Python opens 600 files for it, 15 ms for each time that is shown."""
    return frozenset(zoneinfo.available_timezones())
