"""A moment in French names its time zone."""

DATETIME_FORMAT = "j F Y, H:i (e)"
SHORT_DATETIME_FORMAT = "d/m/Y H:i (e)"
