"""A moment in Russian names its time zone; a day of a month takes the genitive."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y г., H:i (e)"
SHORT_DATETIME_FORMAT = "d.m.Y H:i (e)"
MONTH_DAY_FORMAT = "j E"
