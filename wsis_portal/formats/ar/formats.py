"""What the framework leaves out for Arabic: a moment with its time, on 24 hours."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F، Y، H:i"
MONTH_DAY_FORMAT = "j F"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
