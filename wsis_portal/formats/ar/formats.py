"""Dates in Arabic as the United Nations writes them, without a comma before the year; a moment
names its time zone.
"""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i (e)"
