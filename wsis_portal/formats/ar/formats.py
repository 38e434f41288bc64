"""What the framework leaves out for Arabic: a moment with its time, on 24 hours, and its zone;
large numbers with separators. The comma stays in its place between digits of either direction.
"""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F، Y، H:i (e)"
MONTH_DAY_FORMAT = "j F"
SHORT_DATETIME_FORMAT = "d/m/Y H:i (e)"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
