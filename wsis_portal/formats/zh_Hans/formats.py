"""A moment in Chinese names its time zone; days have no zero in front, numbers groups of three."""

DATETIME_FORMAT = "Y年n月j日 H:i (e)"
SHORT_DATETIME_FORMAT = "Y年n月j日 H:i (e)"
MONTH_DAY_FORMAT = "n月j日"
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
